import { expect } from 'vitest';
import { failBulkOperation, findOperationsToRun } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import type { BulkOperationRef, OrganizationRef } from '../../../src/ids.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { sync, syncInput } from '../../support/sync.ts';

/** More than are done while the caller waits. */
const SIZE = 1001;
const MOST = 200;

type Tenant = 'provider' | 'sibling' | 'foreign';

/** Organizations of two resellers of one tenant, and of another tenant. */
const test = base.extend('fleets', async ({ world }): Promise<Record<Tenant, OrganizationRef[]>> => {
  const { services, database } = world.keyward;
  const { reseller, otherReseller, foreignRoot } = world.tenants;
  const [provider, sibling, foreign] = [
    await insertKeyedFleet(services, database.query, reseller, SIZE),
    await insertKeyedFleet(services, database.query, otherReseller, SIZE),
    await insertKeyedFleet(services, database.query, foreignRoot, SIZE),
  ];
  return { provider, sibling, foreign };
});

async function start(world: KeyWorld, fleets: Record<Tenant, OrganizationRef[]>, tenant: Tenant) {
  const starter = { provider: world.providerAdmin, sibling: world.siblingAdmin, foreign: world.foreignAdmin }[tenant];
  return (await sync(world.as(starter), syncInput(fleets[tenant], { dryRun: true }))).ref;
}

/** As if it had been asked for so many times in all. */
async function repeat({ keyward: { database } }: KeyWorld, ref: BulkOperationRef, times: number): Promise<void> {
  await database.query(
    `insert into bulk_operation select (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid()))).*
     from bulk_operation b, generate_series(2, $2::int) where b.id = $1`,
    [ref.bulkOperationId, times],
  );
}

test('whoever has started few operations does not wait for those who have started many', async ({ world, fleets }) => {
  const { services } = world.keyward;
  const first = await start(world, fleets, 'provider');
  await repeat(world, first, 150);
  const foreign = await start(world, fleets, 'foreign');
  const [oldest, next, ...others] = await findOperationsToRun(services);
  expect([oldest?.rootProviderId, next]).toEqual([first.rootProviderId, foreign]);
  expect(others).toHaveLength(98);
});

test('a provider may have so many large operations at a time, any number of small ones, and others no fewer for it', async ({
  world,
  fleets,
}) => {
  const first = await start(world, fleets, 'provider');
  await repeat(world, first, MOST);
  const again = syncInput(fleets.provider, { dryRun: true, idempotencyKey: 'again' });
  const retry = () => sync(world.as(world.providerAdmin), again);
  await expect(retry()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  const few = syncInput(fleets.provider.slice(0, 3), { dryRun: true });
  expect((await sync(world.as(world.providerAdmin), few)).operation.status).toBe('SUCCEEDED');
  for (const tenant of ['sibling', 'foreign'] as const) await start(world, fleets, tenant);
  await failBulkOperation(world.keyward.services, first, 'Start it again.');
  await retry();
});
