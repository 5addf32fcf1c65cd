import { describe, expect, vi } from 'vitest';
import { deleteApiKey } from '../../../src/api-key/api-key.service.ts';
import { isLookedAt } from '../../../src/bulk-operation/approval.ts';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import { Failures } from '../../../src/bulk-operation/failures.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import { planRotation } from '../../../src/rotation/plan-rotation.service.ts';
import { keyInput } from '../../support/fixtures.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { bulkTarget, readOperation, sync, syncInput } from '../../support/sync.ts';

/** More than are done while the caller waits. */
const SIZE = 1200;
const STATEMENT_TOO_LONG = '57014';
const FAULT = '22012';

const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
});

/** As a server's background, which gives up what fails twice. */
function startQueue({ keyward: { services, database } }: KeyWorld) {
  const failures = new Failures({ most: 2, pauseMs: 1 });
  return startBulkOperations(services, (tasks) => startJobQueue(database.ownerUrl, tasks, services.log), {}, failures);
}

/** Lets the table take no change, and counts how often it was asked for. */
async function stall({ keyward: { database } }: KeyWorld, table: 'api_key' | 'bulk_item', code: string) {
  await database.query('create sequence hits');
  await database.query('grant usage on sequence hits to keyward_runtime');
  await database.query(
    `create function refuse() returns trigger language plpgsql as
     $$ begin perform nextval('hits'); raise exception using errcode = '${code}'; end $$`,
  );
  await database.query(`create trigger refuse before update on ${table} execute function refuse()`);
  return {
    untilHit: (times: number) =>
      vi.waitFor(
        async () => expect(await database.query('select from hits where last_value >= $1', [times])).toHaveLength(1),
        30_000,
      ),
    [Symbol.asyncDispose]: async () => {
      await database.query('drop function refuse cascade');
      await database.query('drop sequence hits');
    },
  };
}

describe('an operation in the background', () => {
  for (const atomicity of ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const) {
    test(`outlasts a database that is too slow for it: ${atomicity}`, async ({ world, fleet }) => {
      const ctx = world.as(world.providerAdmin);
      const { ref } = await sync(ctx, syncInput(fleet, { atomicity }));
      await using _ = await startQueue(world);
      {
        await using stalled = await stall(world, 'api_key', STATEMENT_TOO_LONG);
        await stalled.untilHit(4);
        expect((await readOperation(ctx, ref)).finishedAt).toBeNull();
      }
      await vi.waitFor(
        async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED' }),
        30_000,
      );
    });

    test(`is given up for a fault: ${atomicity}`, async ({ world, fleet }) => {
      const ctx = world.as(world.providerAdmin);
      const { ref } = await sync(ctx, syncInput(fleet, { atomicity }));
      await using _stalled = await stall(world, 'api_key', FAULT);
      await using _ = await startQueue(world);
      await vi.waitFor(async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'FAILED' }), 30_000);
    });

    test(`can be cancelled while the database is too slow for it: ${atomicity}`, async ({ world, fleet }) => {
      const ctx = world.as(world.providerAdmin);
      const { ref } = await sync(ctx, syncInput(fleet, { atomicity }));
      await using stalled = await stall(world, 'api_key', STATEMENT_TOO_LONG);
      await using _ = await startQueue(world);
      await stalled.untilHit(1);
      await cancelBulkOperation(ctx, { operation: ref });
      await vi.waitFor(
        async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'CANCELLED' }),
        30_000,
      );
    });
  }

  test('that is planned is not given up because its dry run fails', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const runAt = new Date(Date.now() + 24 * 3_600_000);
    const how = { newKey: null, sharedString: false, overlapMinutes: 0, overlapGraceMinutes: 15 };
    const [without = null] = fleet;
    await deleteApiKey(ctx, keyInput(without)); // what would be refused is written down
    const ref = await planRotation(ctx, { ...bulkTarget(fleet), ...how, runAt });
    await using _ = await startQueue(world);
    {
      await using stalled = await stall(world, 'bulk_item', FAULT);
      await stalled.untilHit(4);
      expect(await readOperation(ctx, ref)).toMatchObject({ status: 'PENDING', finishedAt: null });
    }
    await vi.waitFor(async () => expect(isLookedAt(await readOperation(ctx, ref))).toBe(true), 30_000);
  });
});
