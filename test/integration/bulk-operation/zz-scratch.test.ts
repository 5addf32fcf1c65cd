import { expect } from 'vitest';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { failBulkOperation, runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { test as base } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readOperation, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, 1200);
});

for (const text of ['a\0b', '\ud800x', 'Q'.repeat(300_000), KEY]) {
  test(`odd id ${JSON.stringify(text).slice(0, 20)}`, async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const r = await sync(ctx, { ...syncInput([world.organization], { newKey: KEY, atomicity: 'PER_ORGANIZATION' }), organizations: [{ text, ref: null }] });
    console.log(r.operation.status, r.results.map((x) => x.givenId?.slice(0, 20)));
    const rows = await world.keyward.database.query<{ target: string }>('select left(target, 30) as target, action, length(target) from audit_event where request_id = $1', [ctx.requestId]);
    console.log(rows);
  });
}
test('gives up a cancelled one', async ({ world, fleet }) => {
  const ctx = world.as(world.providerAdmin);
  const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
  await runBulkOperation(world.keyward.services, ref, () => true);
  await cancelBulkOperation(ctx, { operation: ref });
  await failBulkOperation(world.keyward.services, ref, 'Start it again.');
  expect((await readOperation(ctx, ref)).status).not.toBe('RUNNING');
});
test('dry run stops', async ({ world, fleet }) => {
  const ctx = world.as(world.providerAdmin);
  const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY, dryRun: true }));
  await runBulkOperation(world.keyward.services, ref, () => true);
  expect((await readOperation(ctx, ref)).status).toBe('RUNNING');
});
