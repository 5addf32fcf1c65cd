import { test as base, describe, expect } from 'vitest';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { syncApiKey } from '../../../src/bulk-operation/sync-api-key.service.ts';
import { DomainError } from '../../../src/errors.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readRows } from '../../support/rows.ts';
import { readOperation, sync, syncInput } from '../../support/sync.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

const KEY = 'abcDEF123456';
const MORE_THAN_AT_ONCE = 1_100;
const actions = ['bulk_operation.start', 'api_key.sync', 'bulk_operation.finish'] as const;

/** An installation for each test: what is broken in it stays in it. */
const test = base
  .extend('keyward', async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation({ logLevel: 'info' });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

function fleetOf({ keyward: { services, database }, tenants }: KeyWorld, count: number) {
  return insertKeyedFleet(services, database.query, tenants.reseller, count);
}

/** The last of the events of that kind cannot be written down: those before it have been. */
async function breakAudit({ keyward: { database } }: KeyWorld, action: string): Promise<void> {
  await database.query(
    `create function refuse_to_record() returns trigger language plpgsql as $$
     begin
       if new.action = '${action}' then raise exception 'the trail is broken'; end if;
       return new;
     end $$`,
  );
  await database.query(
    'create trigger broken before insert on audit_event for each row execute function refuse_to_record()',
  );
}

async function mendAudit({ keyward: { database } }: KeyWorld): Promise<void> {
  await database.query('drop trigger broken on audit_event');
}

/** The call fails for want of an audit row, and outside of the tables left out none has changed by a byte. */
async function expectNothingLeft(
  { keyward: { database } }: KeyWorld,
  call: () => Promise<unknown>,
  without: readonly string[] = [],
): Promise<void> {
  const before = await readRows(database, without);
  const error: unknown = await call().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ message: 'the trail is broken' });
  expect(error).not.toBeInstanceOf(DomainError);
  expect(await readRows(database, without)).toEqual(before);
}

describe('no audit row, no change', () => {
  test.for(actions)('a sync whose %s cannot be written down leaves nothing behind', async (action, { world }) => {
    const fleet = await fleetOf(world, 20);
    await breakAudit(world, action);
    for (const atomicity of ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const) {
      const input = syncInput(fleet, { newKey: KEY, atomicity, idempotencyKey: `once ${atomicity}` });
      await expectNothingLeft(world, () => syncApiKey(world.as(world.providerAdmin), input));
    }
  });

  test.for(['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const)(
    'nor does one in the background, %s, which goes through once the trail is mended',
    async (atomicity, { world }) => {
      const { services } = world.keyward;
      const fleet = await fleetOf(world, MORE_THAN_AT_ONCE);
      const ctx = world.as(world.providerAdmin);
      const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY, atomicity }));
      await breakAudit(world, 'api_key.sync');
      // That it has begun is told; no organization, no outcome and no event is.
      await expectNothingLeft(world, () => runBulkOperation(services, ref), ['bulk_operation']);
      expect(await readOperation(ctx, ref)).toMatchObject({ changed: 0, finishedAt: null });
      await mendAudit(world);
      await runBulkOperation(services, ref);
      expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: MORE_THAN_AT_ONCE });
    },
  );
});
