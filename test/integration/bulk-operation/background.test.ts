import { describe, expect, vi } from 'vitest';
import { deleteApiKey } from '../../../src/api-key/api-key.service.ts';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import {
  CHUNK_SIZE,
  failBulkOperation,
  findOperationsToRun,
  runBulkOperation,
} from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { countAuditRows } from '../../support/approvals.ts';
import { keyInput } from '../../support/fixtures.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { countWithString, insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readOperation, readResults, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const SIZE = 1200;

/** More than are done while the caller waits. */
const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
});

function countOn({ keyward }: KeyWorld, fleet: readonly OrganizationRef[], lastFour: string): Promise<number> {
  return countWithString(keyward.database.query, fleet, lastFour);
}

describe('a sync of many organizations', () => {
  test('waits for the background, and keeps its string sealed until it has ended', async ({ world, fleet }) => {
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref, operation } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    expect(operation).toMatchObject({ status: 'PENDING', total: SIZE, changed: 0 });
    expect(await countOn(world, fleet, '3456')).toBe(0);
    expect(await findOperationsToRun(services)).toContainEqual(ref);
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE, doneThrough: SIZE });
    expect(await countOn(world, fleet, '3456')).toBe(SIZE);
    expect(await countAuditRows(world, ctx.requestId, 'api_key.sync')).toBe(SIZE);
    expect(await countAuditRows(world, ctx.requestId, 'bulk_operation.finish')).toBe(1);
    expect(await findOperationsToRun(services)).not.toContainEqual(ref);
    expect(await database.query('select ciphertext from bulk_operation where id = $1', [ref.bulkOperationId])).toEqual([
      { ciphertext: null },
    ]);
  });

  test('is run by the queue, once, whichever process takes it', async ({ world, fleet }) => {
    const { services, database } = world.keyward;
    const start = () => startBulkOperations(services, (tasks) => startJobQueue(database.ownerUrl, tasks, services.log));
    const ctx = world.as(world.providerAdmin);
    await using _one = await start();
    await using _other = await start();
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY, atomicity: 'PER_ORGANIZATION' }));
    await vi.waitFor(async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED' }), 20_000);
    expect(await countOn(world, fleet, '3456')).toBe(SIZE);
    expect(await countAuditRows(world, ctx.requestId, 'api_key.sync')).toBe(SIZE);
  });

  test('changes nothing when one refuses, and tells which', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    const [, organization = null] = fleet;
    await deleteApiKey(world.as(world.parentAdmin), keyInput(organization));
    await runBulkOperation(world.keyward.services, ref);
    const operation = await readOperation(ctx, ref);
    expect(operation).toMatchObject({ status: 'FAILED', changed: 0, unchanged: 0, refused: 1 });
    expect(await readResults(ctx, operation)).toMatchObject([
      { organizationId: organization?.organizationId, outcome: 'REFUSED', code: 'KEY_NOT_FOUND' },
    ]);
    expect(await countOn(world, fleet, '3456')).toBe(0);
  });

  test('goes on after it was cut off, and does nothing twice', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY, atomicity: 'PER_ORGANIZATION' }));
    const stopAfterOne = [false, true][Symbol.iterator]();
    await runBulkOperation(services, ref, () => stopAfterOne.next().value ?? true);
    const cutOff = await readOperation(ctx, ref);
    expect(cutOff).toMatchObject({ status: 'RUNNING', doneThrough: CHUNK_SIZE, changed: CHUNK_SIZE });
    expect(await countOn(world, fleet, '3456')).toBe(CHUNK_SIZE);
    expect((await readResults(ctx, cutOff)).every(({ outcome }) => outcome === 'CHANGED')).toBe(true);
    await Promise.all([runBulkOperation(services, ref), runBulkOperation(services, ref)]);
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
    expect(await countAuditRows(world, ctx.requestId, 'api_key.sync')).toBe(SIZE);
  });

  test('is left without a trace when it is stopped, if it is all or nothing', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    await runBulkOperation(services, ref, () => true);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'RUNNING', changed: 0 });
    expect(await countOn(world, fleet, '3456')).toBe(0);
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
  });

  test('tells in a dry run what a run would do', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY, dryRun: true }));
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', dryRun: true, changed: SIZE });
    expect(await countOn(world, fleet, '3456')).toBe(0);
    expect(await countAuditRows(world, ctx.requestId, 'api_key.sync')).toBe(0);
  });
});

describe('cancelling', () => {
  test('ends one that nobody has begun at once', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    await cancelBulkOperation(ctx, { operation: ref });
    await runBulkOperation(world.keyward.services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'CANCELLED', changed: 0 });
    expect(await countOn(world, fleet, '3456')).toBe(0);
    await expect(cancelBulkOperation(ctx, { operation: ref })).rejects.toMatchObject({
      code: 'OPERATION_NOT_CANCELLABLE',
    });
  });

  test('leaves what is not done yet, and keeps what is', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY, atomicity: 'PER_ORGANIZATION' }));
    const stopAfterOne = [false, true][Symbol.iterator]();
    await runBulkOperation(services, ref, () => stopAfterOne.next().value ?? true);
    await cancelBulkOperation(ctx, { operation: ref });
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'CANCELLED', changed: CHUNK_SIZE });
    expect(await countOn(world, fleet, '3456')).toBe(CHUNK_SIZE);
  });

  test('leaves all of what would be done at once', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    await runBulkOperation(services, ref, () => true);
    await cancelBulkOperation(ctx, { operation: ref });
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'CANCELLED', changed: 0 });
    expect(await countOn(world, fleet, '3456')).toBe(0);
  });

  test('is for those who see it and may sync', async ({ world, fleet }) => {
    const { ref } = await sync(world.as(world.providerAdmin), syncInput(fleet, { newKey: KEY }));
    const cancelAs = (actor: (typeof world)['providerAdmin']) =>
      cancelBulkOperation(world.as(actor), { operation: ref });
    for (const actor of [world.siblingAdmin, world.foreignAdmin, world.orgAdmin]) {
      await expect(cancelAs(actor)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await expect(cancelAs(world.providerSupport)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await cancelAs(world.parentAdmin)).toEqual(ref);
  });
});

test('an operation that cannot be gone on with ends with a reason', async ({ world, fleet }) => {
  const ctx = world.as(world.providerAdmin);
  const { ref } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
  await failBulkOperation(world.keyward.services, ref, 'Start it again.');
  expect(await readOperation(ctx, ref)).toMatchObject({ status: 'FAILED', failure: 'Start it again.', changed: 0 });
});
