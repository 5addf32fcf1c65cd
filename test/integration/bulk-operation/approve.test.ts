import { describe, expect, vi } from 'vitest';
import { deleteApiKey, disableApiKey } from '../../../src/api-key/api-key.service.ts';
import { listBulkOperations } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import { approveBulkOperation, rejectBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import { findOperationsToRun, runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import {
  askForApproval,
  countAuditRows,
  decision,
  keepsString,
  operationTrail,
  organizationsOf,
  test,
} from '../../support/approvals.ts';
import { createStaff, keyInput } from '../../support/fixtures.ts';
import { readOperation, readResults, readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const PAGE = { first: 50, after: null };

describe('approving', () => {
  test('lets it run, in the name of whoever started it, as if it had not waited', async ({ world, fleet, second }) => {
    const { services } = world.keyward;
    const twins = await organizationsOf(world, 3);
    const ctx = world.as(world.providerAdmin);
    for (const [first, disabled] of [fleet, twins]) {
      await deleteApiKey(ctx, keyInput(first ?? null));
      await disableApiKey(ctx, { ...keyInput(disabled ?? null), reason: 'NON_PAYMENT', note: null });
    }
    const input = { newKey: KEY, atomicity: 'PER_ORGANIZATION', idempotencyKey: 'once' } as const;
    const { ref } = await sync(ctx, syncInput(fleet, input));
    const approver = world.as(second);
    expect(await approveBulkOperation(approver, decision(ref, 'as agreed'))).toEqual(ref);
    const approved = await readOperation(ctx, ref);
    expect(approved).toMatchObject({
      ...{ status: 'PENDING', approval: 'APPROVED', changed: 0, unchanged: 0, refused: 0, doneThrough: 0 },
      ...{
        decidedById: second.id,
        decidedByName: second.displayName,
        decidedAt: approver.now,
        decisionNote: 'as agreed',
      },
    });
    expect(await readResults(ctx, approved)).toEqual([]);
    expect(await findOperationsToRun(services)).toContainEqual(ref);
    await runBulkOperation(services, ref);
    await askForApproval(world, world.tenants.root, null);
    const direct = await sync(ctx, syncInput(twins, { ...input, idempotencyKey: null }));
    const done = await readOperation(ctx, ref);
    const { status, changed, unchanged, refused } = direct.operation;
    expect(done).toMatchObject({ status, changed, unchanged, refused });
    expect(refused).toBe(1);
    expect(await readStrings(services, fleet)).toEqual(await readStrings(services, twins));
    const codesOf = (results: readonly { outcome: string; code: string | null }[]) =>
      results.map(({ outcome, code }) => code ?? outcome).sort();
    expect(codesOf(await readResults(ctx, done))).toEqual(codesOf(direct.results));
    expect((await sync(world.as(world.providerAdmin), syncInput(fleet, input))).keyString).toBe(KEY);
    expect(await keepsString(world, ref)).toBe(false);
    const starter = world.providerAdmin.displayName;
    expect(await operationTrail(world, ref)).toMatchObject([
      { action: 'bulk_operation.start', actor_name: starter, approval: 'PENDING', decided_by: null },
      { action: 'bulk_operation.approve', actor_name: second.displayName, note: 'as agreed', changed: 2 },
      { action: 'bulk_operation.finish', actor_name: starter, approval: 'APPROVED', decided_by: second.displayName },
    ]);
  });

  test('decides anew what has changed since the dry run', async ({ world, fleet, second }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref, operation } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    expect(operation).toMatchObject({ changed: 3, refused: 0 });
    const before = await readStrings(services, fleet.slice(1));
    await deleteApiKey(ctx, keyInput(fleet[0] ?? null));
    await approveBulkOperation(world.as(second), decision(ref));
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'FAILED', changed: 0, refused: 1 });
    expect(await readStrings(services, fleet.slice(1))).toEqual(before);
  });

  test('lets it run once, whatever becomes of the process that begins it', async ({ world, fleet, second }) => {
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    for (const atomicity of ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const) {
      const newKey = `once${atomicity.slice(0, 3)}00000`;
      const { ref } = await sync(ctx, syncInput(fleet, { newKey: newKey.replace(/[^A-Za-z0-9]/g, '0'), atomicity }));
      await approveBulkOperation(world.as(second), decision(ref));
      await runBulkOperation(services, ref, () => true);
      const start = () =>
        startBulkOperations(services, (tasks) => startJobQueue(database.ownerUrl, tasks, services.log));
      await using _one = await start();
      await using _other = await start();
      await vi.waitFor(
        async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED' }),
        20_000,
      );
      expect(await countAuditRows(world, ctx.requestId, 'api_key.sync')).toBe(atomicity === 'ALL_OR_NOTHING' ? 3 : 6);
    }
  });

  test('is for a second person who could start it', async ({ world, fleet, second }) => {
    const { ref } = await sync(world.as(world.providerAdmin), syncInput(fleet, { newKey: KEY }));
    const program = { ...second, role: 'SERVICE_ACCOUNT' };
    const delegate = { ...second, onBehalfOf: 'Acme' };
    const refused = [
      [world.siblingAdmin, 'NOT_FOUND'],
      [world.foreignAdmin, 'NOT_FOUND'],
      [world.orgAdmin, 'NOT_FOUND'],
      [world.providerSupport, 'FORBIDDEN'],
      [world.providerAdmin, 'FORBIDDEN'],
      [program, 'FORBIDDEN'],
      [delegate, 'FORBIDDEN'],
    ] as const;
    const awaited = async (actor: Actor) =>
      (await listBulkOperations(world.as(actor), { which: 'AWAITING_VIEWER', serviceProvider: null }, PAGE)).items.map(
        ({ id }) => id,
      );
    for (const [actor, code] of refused) {
      for (const decide of [approveBulkOperation, rejectBulkOperation]) {
        await expect(decide(world.as(actor), decision(ref, 'why'))).rejects.toMatchObject({ code });
      }
      expect(await awaited(actor)).toEqual([]);
    }
    await expect(approveBulkOperation(world.as(second), decision(null))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const actor of [second, world.parentAdmin, world.platformAdmin]) {
      expect(await awaited(actor)).toContain(ref.bulkOperationId);
    }
    expect(await readOperation(world.as(second), ref)).toMatchObject({ approval: 'PENDING' });
    expect(await approveBulkOperation(world.as(world.parentAdmin), decision(ref))).toEqual(ref);
    expect(await awaited(second)).toEqual([]);
  });

  test('takes somebody of the platform for what the platform started', async ({ world, fleet }) => {
    const { ref } = await sync(world.as(world.platformAdmin), syncInput(fleet, { newKey: KEY }));
    await expect(approveBulkOperation(world.as(world.parentAdmin), decision(ref))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(approveBulkOperation(world.as(world.platformAdmin), decision(ref))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const { actor } = await createStaff(world.keyward.services, 'PLATFORM_ADMIN', 'PLATFORM');
    await approveBulkOperation(world.as(actor), decision(ref));
    await runBulkOperation(world.keyward.services, ref);
    expect(await readStrings(world.keyward.services, fleet)).toEqual([KEY, KEY, KEY]);
  });

  test('is for those who see all of its organizations', async ({ world, fleet, second }) => {
    const { ref } = await sync(world.as(world.providerAdmin), syncInput(fleet, { newKey: KEY }));
    await world.keyward.database.query(
      'update bulk_item set provider_path = array[root_provider_id] where operation_id = $1 and position = 2',
      [ref.bulkOperationId],
    );
    await expect(approveBulkOperation(world.as(second), decision(ref))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await approveBulkOperation(world.as(world.parentAdmin), decision(ref))).toEqual(ref);
  });

  test('happens once: two at the same time, one wins', async ({ world, fleet, second }) => {
    const { ref } = await sync(world.as(world.providerAdmin), syncInput(fleet, { newKey: KEY }));
    const decisions = [
      approveBulkOperation(world.as(second), decision(ref)),
      rejectBulkOperation(world.as(world.parentAdmin), decision(ref, 'too many')),
      approveBulkOperation(world.as(world.platformAdmin), decision(ref)),
    ];
    const settled = await Promise.allSettled(decisions);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(codes).toEqual(['APPROVAL_CLOSED', 'APPROVAL_CLOSED']);
  });

  test('gives its first answer again under one idempotency key', async ({ world, fleet, second }) => {
    const { ref } = await sync(world.as(world.providerAdmin), syncInput(fleet, { newKey: KEY }));
    const input = { ...decision(ref, 'fine'), idempotencyKey: 'agreed' };
    await approveBulkOperation(world.as(second), input);
    expect(await approveBulkOperation(world.as(second), input)).toEqual(ref);
    await expect(approveBulkOperation(world.as(second), decision(ref))).rejects.toMatchObject({
      code: 'APPROVAL_CLOSED',
    });
  });
});
