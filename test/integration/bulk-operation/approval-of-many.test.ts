import { describe, expect, vi } from 'vitest';
import { deleteApiKey } from '../../../src/api-key/api-key.service.ts';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import { approveBulkOperation, rejectBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import {
  failBulkOperation,
  findOperationsToRun,
  runBulkOperation,
} from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { decision, startWaiting } from '../../support/approvals.ts';
import { keyInput } from '../../support/fixtures.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { countWithString, insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readOperation, readResults } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const SIZE = 1200;

/** More than are done while the caller waits; of one of them the key is gone. */
const test = base.extend('fleet', async ({ world }) => {
  const { services, database } = world.keyward;
  const fleet = await insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
  await deleteApiKey(world.as(world.parentAdmin), keyInput(fleet[600] ?? null));
  return fleet;
});

const LOOKED_AT = 'as looked at';

function countOn({ keyward }: KeyWorld, fleet: readonly OrganizationRef[]): Promise<number> {
  return countWithString(keyward.database.query, fleet, KEY.slice(-4));
}

describe('a sync of many organizations that waits', () => {
  test('has its dry run made in the background, and is approved by nobody before', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const ref = await startWaiting(world, fleet, { newKey: KEY, atomicity: 'PER_ORGANIZATION' });
    const started = await readOperation(ctx, ref);
    expect(started).toMatchObject({ status: 'PENDING', approval: 'PENDING', doneThrough: 0, changed: 0 });
    expect(await readResults(ctx, started)).toEqual([]);
    const approve = () => approveBulkOperation(ctx, { ...decision(ref, LOOKED_AT), idempotencyKey: 'approve-1' });
    await expect(approve()).rejects.toMatchObject({ code: 'APPROVAL_NOT_READY' });
    expect(await findOperationsToRun(services)).toContainEqual(ref);
    await runBulkOperation(services, ref, () => true);
    expect(await readOperation(ctx, ref)).toEqual(started);
    await Promise.all([runBulkOperation(services, ref), runBulkOperation(services, ref)]);
    const waiting = await readOperation(ctx, ref);
    expect(waiting).toMatchObject({ status: 'PENDING', approval: 'PENDING', changed: SIZE - 1, refused: 1 });
    expect(await readResults(ctx, waiting, 'REFUSED')).toMatchObject([{ code: 'KEY_NOT_FOUND' }]);
    expect(await findOperationsToRun(services)).not.toContainEqual(ref);
    expect(await countOn(world, fleet)).toBe(0);
    await approve();
    expect(await readResults(ctx, await readOperation(ctx, ref))).toEqual([]);
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({
      status: 'PARTIALLY_SUCCEEDED',
      changed: SIZE - 1,
      refused: 1,
    });
    expect(await countOn(world, fleet)).toBe(SIZE - 1);
  });

  test('goes by the queue from its start to its end, with a decision between', async ({ world, fleet }) => {
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    await using _queue = await startBulkOperations(services, (tasks) =>
      startJobQueue(database.ownerUrl, tasks, services.log),
    );
    const ref = await startWaiting(world, fleet.slice(0, 600).concat(fleet.slice(601)), { newKey: KEY });
    await vi.waitFor(async () => expect(await readOperation(ctx, ref)).toMatchObject({ changed: SIZE - 1 }), 20_000);
    expect(await countOn(world, fleet)).toBe(0);
    await approveBulkOperation(ctx, decision(ref, LOOKED_AT));
    await vi.waitFor(async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED' }), 20_000);
    expect(await countOn(world, fleet)).toBe(SIZE - 1);
  });

  test.for(['reject', 'cancel', 'fail'] as const)(
    'leaves nothing of a dry run that ends after it: %s',
    async (how, { world, fleet }) => {
      const { services, database } = world.keyward;
      const ctx = world.as(world.providerAdmin);
      const ref = await startWaiting(world, fleet, { newKey: KEY });
      const end = {
        reject: () => rejectBulkOperation(ctx, decision(ref, LOOKED_AT)),
        cancel: () => cancelBulkOperation(ctx, { operation: ref }),
        fail: () => failBulkOperation(services, ref, 'Start it again.'),
      };
      // Of the dry run's whole time, the moment when it asks whether to stop is the one that is known.
      let ended: Promise<unknown> | null = null;
      const isStopping = () => {
        ended ??= end[how === 'fail' ? 'cancel' : how]();
        return false;
      };
      if (how === 'fail') await end.fail();
      await runBulkOperation(services, ref, isStopping);
      await ended;
      const operation = await readOperation(ctx, ref);
      const approval = how === 'reject' ? 'REJECTED' : 'WITHDRAWN';
      const status = how === 'fail' ? 'FAILED' : 'CANCELLED';
      expect(operation).toMatchObject({ status, approval, changed: 0, unchanged: 0, refused: 0, doneThrough: 0 });
      expect(await readResults(ctx, operation)).toEqual([]);
      const kept = await database.query('select from bulk_item where operation_id = $1 and outcome is not null', [
        ref.bulkOperationId,
      ]);
      expect(kept).toEqual([]);
      expect(await countOn(world, fleet)).toBe(0);
    },
  );
});
