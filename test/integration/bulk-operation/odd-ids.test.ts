import { expect } from 'vitest';
import { disableApiKeys } from '../../../src/bulk-operation/bulk-commands.service.ts';
import { test } from '../../support/key-world.ts';
import { bulkTarget, readOperation, readResults } from '../../support/sync.ts';

test('an id that is none is refused on its own, whatever it is, and no key string among them is kept', async ({
  world,
}) => {
  const ctx = world.as(world.providerAdmin);
  const given = ['Zq3v\0X9bK7mTw', '\udc00', 'Q'.repeat(300_000), 'Zq3vX9bK7mTw', ''];
  const target = bulkTarget(null, {
    organizations: given.map((text) => ({ text, ref: null })),
    atomicity: 'PER_ORGANIZATION',
  });
  const ref = await disableApiKeys(ctx, { ...target, keyKind: 'CLOUD_SERVICE', reason: 'NON_PAYMENT', note: null });
  const results = await readResults(ctx, await readOperation(ctx, ref));
  const told = ['Zq3v\ufffdX9bK7mTw', '\ufffd', 'Q'.repeat(100), '••••••••7mTw', ''];
  expect(results).toMatchObject(told.map((givenId) => ({ outcome: 'REFUSED', code: 'NOT_FOUND', givenId })));
  const rows = await world.keyward.database.query<{ target: string }>(
    `select target from audit_event where request_id = $1 and action = 'api_key.disable' order by id`,
    [ctx.requestId],
  );
  expect(rows.map(({ target: one }) => one)).toEqual(told);
});
