import { describe, expect } from 'vitest';
import { deleteApiKey } from '../../../src/api-key/api-key.service.ts';
import { APPROVAL_EXPIRES_AFTER_MS } from '../../../src/bulk-operation/approval.ts';
import { cancelBulkOperation, listBulkOperations } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { approveBulkOperation, rejectBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import { expireApprovals } from '../../../src/bulk-operation/expire-approvals.service.ts';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import type { BulkOperationRef, OrganizationRef } from '../../../src/ids.ts';
import { decision, keepsString, operationTrail, test } from '../../support/approvals.ts';
import { keyInput } from '../../support/fixtures.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { readOperation, readResults, readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const PAGE = { first: 50, after: null };

describe('what is not approved ends, is not done, and keeps no string:', () => {
  const nothing = { status: 'CANCELLED', changed: 0, unchanged: 0, refused: 0, doneThrough: 0 };

  /** Of one of them the key is gone, which the dry run tells. */
  async function start(world: KeyWorld, fleet: readonly OrganizationRef[], now = new Date()) {
    await deleteApiKey(world.as(world.parentAdmin), keyInput(fleet[0] ?? null));
    const input = syncInput(fleet, { newKey: KEY, atomicity: 'PER_ORGANIZATION' });
    const { ref, operation } = await sync(world.as(world.providerAdmin, now), input);
    expect(operation).toMatchObject({ approval: 'PENDING', changed: 2, refused: 1 });
    return { ref, before: await readStrings(world.keyward.services, fleet) };
  }

  async function expectNothingDone(world: KeyWorld, ref: BulkOperationRef) {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    await runBulkOperation(services, ref);
    const operation = await readOperation(ctx, ref);
    expect(operation).toMatchObject(nothing);
    expect(await readResults(ctx, operation)).toEqual([]);
    expect(await keepsString(world, ref)).toBe(false);
  }

  test('when it is rejected, with a reason', async ({ world, fleet, second }) => {
    const { services } = world.keyward;
    const { ref, before } = await start(world, fleet);
    await expect(rejectBulkOperation(world.as(second), decision(ref))).rejects.toMatchObject({ code: 'NOTE_REQUIRED' });
    await rejectBulkOperation(world.as(second), decision(ref, 'not on a Friday'));
    await expectNothingDone(world, ref);
    expect(await readStrings(services, fleet)).toEqual(before);
    expect(await readOperation(world.as(world.providerAdmin), ref)).toMatchObject({
      ...{ approval: 'REJECTED', decidedByName: second.displayName, decisionNote: 'not on a Friday' },
      failure: expect.stringContaining('rejected'),
    });
    expect(await operationTrail(world, ref)).toMatchObject([
      { action: 'bulk_operation.start' },
      { action: 'bulk_operation.reject', result: 'NOTE_REQUIRED' },
      { action: 'bulk_operation.reject', result: 'OK', note: 'not on a Friday', approval: 'REJECTED', changed: 2 },
      { action: 'bulk_operation.finish', approval: 'REJECTED', decided_by: second.displayName, changed: 0 },
    ]);
    await expect(approveBulkOperation(world.as(second), decision(ref))).rejects.toMatchObject({
      code: 'APPROVAL_CLOSED',
    });
  });

  test('when nobody decides in time: by the clock, before anybody writes it down', async ({ world, fleet, second }) => {
    const { services } = world.keyward;
    const started = new Date();
    const { ref, before } = await start(world, fleet, started);
    const expiry = new Date(started.getTime() + APPROVAL_EXPIRES_AFTER_MS);
    const justBefore = new Date(expiry.getTime() - 1);
    const awaited = async (now: Date) => {
      const { items } = await listBulkOperations(
        world.as(second, now),
        { which: 'AWAITING_VIEWER', serviceProvider: null },
        PAGE,
      );
      return items.map(({ id }) => id);
    };
    expect([await awaited(justBefore), await awaited(expiry)]).toEqual([[ref.bulkOperationId], []]);
    for (const decide of [approveBulkOperation, rejectBulkOperation]) {
      await expect(decide(world.as(second, expiry), decision(ref, 'late'))).rejects.toMatchObject({
        code: 'APPROVAL_CLOSED',
      });
    }
    await expireApprovals(services, justBefore);
    expect(await readOperation(world.as(second), ref)).toMatchObject({ status: 'PENDING', approval: 'PENDING' });
    await Promise.all([expireApprovals(services, expiry), expireApprovals(services, expiry)]);
    await expectNothingDone(world, ref);
    expect(await readStrings(services, fleet)).toEqual(before);
    expect(await readOperation(world.as(world.providerAdmin), ref)).toMatchObject({
      ...{ approval: 'EXPIRED', decidedAt: null, failure: expect.stringContaining('in time') },
    });
    const trail = await operationTrail(world, ref);
    expect(trail.filter(({ result }) => result === 'OK')).toMatchObject([
      { action: 'bulk_operation.start' },
      { action: 'bulk_operation.expire', actor_name: 'System', approval: 'EXPIRED' },
      { action: 'bulk_operation.finish', actor_name: 'System', approval: 'EXPIRED' },
    ]);
  });

  test('when whoever started it cancels it', async ({ world, fleet, second }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref, before } = await start(world, fleet);
    await cancelBulkOperation(ctx, { operation: ref });
    await expectNothingDone(world, ref);
    expect(await readStrings(services, fleet)).toEqual(before);
    expect(await readOperation(ctx, ref)).toMatchObject({ approval: 'WITHDRAWN' });
    await expect(approveBulkOperation(world.as(second), decision(ref))).rejects.toMatchObject({
      code: 'APPROVAL_CLOSED',
    });
  });
});
