import { describe, expect } from 'vitest';
import { deleteApiKey } from '../../../src/api-key/api-key.service.ts';
import { APPROVAL_EXPIRES_AFTER_MS } from '../../../src/bulk-operation/approval.ts';
import {
  disableApiKeys,
  enableApiKeys,
  regenerateApiKeys,
  renewSubscriptions,
} from '../../../src/bulk-operation/bulk-commands.service.ts';
import { approveBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import { findOperationsToRun, runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import type { BulkTarget } from '../../../src/bulk-operation/start-operation.ts';
import type { RequestContext } from '../../../src/context.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { Permission } from '../../../src/identity/permissions.ts';
import type { BulkOperationRef, OrganizationRef } from '../../../src/ids.ts';
import { askForApproval, countAuditRows, decision, keepsString, test } from '../../support/approvals.ts';
import { createTestOrganization, keyInput, YEAR_MS } from '../../support/fixtures.ts';
import { bulkTarget, readOperation, readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';
const ALL = { keyKind: 'CLOUD_SERVICE', note: null } as const;

describe('a sync over more organizations than one person may change', () => {
  test('waits, keeps its string sealed and shown to nobody, and tells what it would do', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const [first = null] = fleet;
    await deleteApiKey(ctx, keyInput(first));
    await sync(ctx, syncInput(fleet.slice(1, 2), { newKey: KEY }));
    const before = await readStrings(services, fleet);
    const input = syncInput(fleet, { newKey: KEY, atomicity: 'PER_ORGANIZATION', idempotencyKey: 'once' });
    const { ref, operation, keyString, results } = await sync(ctx, input);
    expect(operation).toMatchObject({
      ...{ status: 'PENDING', approval: 'PENDING', total: 3, changed: 1, unchanged: 1, refused: 1, startedAt: null },
      approvalExpiresAt: new Date(ctx.now.getTime() + APPROVAL_EXPIRES_AFTER_MS),
    });
    expect(results.map(({ outcome, code }) => code ?? outcome).sort()).toEqual([
      'CHANGED',
      'KEY_NOT_FOUND',
      'UNCHANGED',
    ]);
    expect(keyString).toBeNull();
    expect(await keepsString(world, ref)).toBe(true);
    expect(await readStrings(services, fleet)).toEqual(before);
    expect(await findOperationsToRun(services)).not.toContainEqual(ref);
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toEqual(operation);
    expect(await readStrings(services, fleet)).toEqual(before);
    expect(await countAuditRows(world, ctx.requestId, 'api_key.sync')).toBe(1);
    const again = await sync(world.as(world.providerAdmin), input);
    expect([again.ref, again.keyString]).toEqual([ref, null]);
  });

  test('does not wait when it is a dry run, or for few', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const dryRun = await sync(ctx, syncInput(fleet, { newKey: KEY, dryRun: true }));
    expect(dryRun.operation).toMatchObject({ status: 'SUCCEEDED', approval: null });
    const few = await sync(ctx, syncInput(fleet.slice(0, 2), { newKey: KEY }));
    expect(few.operation).toMatchObject({ status: 'SUCCEEDED', approval: null });
  });

  test('waits by the strictest provider above any of its organizations, whoever starts it', async ({
    world,
    fleet,
  }) => {
    const { tenants, keyward } = world;
    const approvalOf = async (actor: Actor, organizations: readonly OrganizationRef[]) =>
      (await sync(world.as(actor), syncInput(organizations, { newKey: KEY }))).operation.approval;
    const foreign = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.foreignRoot);
    expect(await approvalOf(world.providerAdmin, fleet)).toBe('PENDING'); // which does not see who asks for it
    await askForApproval(world, tenants.reseller, 1000);
    for (const actor of [world.providerAdmin, world.parentAdmin, world.platformAdmin]) {
      expect(await approvalOf(actor, fleet)).toBe('PENDING');
    }
    expect(await approvalOf(world.platformAdmin, [foreign])).toBeNull();
    expect(await approvalOf(world.platformAdmin, [foreign, ...fleet])).toBe('PENDING');
    await askForApproval(world, tenants.root, null);
    await askForApproval(world, tenants.otherReseller, 0);
    expect(await approvalOf(world.parentAdmin, fleet)).toBeNull();
  });
});

describe('every other command over many organizations', () => {
  const endsAt = new Date(Date.now() + 2 * YEAR_MS);
  const starts: [string, Permission, (ctx: RequestContext, target: BulkTarget) => Promise<BulkOperationRef>][] = [
    ['disable', 'apiKey:enable', (ctx, target) => disableApiKeys(ctx, { ...target, ...ALL, reason: 'NON_PAYMENT' })],
    ['enable', 'apiKey:enable', (ctx, target) => enableApiKeys(ctx, { ...target, ...ALL, note: 'paid' })],
    ['regenerate', 'apiKey:manage', (ctx, target) => regenerateApiKeys(ctx, { ...target, ...ALL })],
    ['renew', 'subscription:manage', (ctx, target) => renewSubscriptions(ctx, { ...target, endsAt })],
  ];

  test.for(starts)('waits as well, for somebody who may %s', async ([name, needs, start], { world, fleet, second }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    if (name === 'enable') await disableApiKeys(ctx, { ...bulkTarget(fleet.slice(1)), ...ALL, reason: 'NON_PAYMENT' });
    const ref = await start(world.as(world.providerAdmin), bulkTarget(fleet, { atomicity: 'PER_ORGANIZATION' }));
    const { approval, changed, refused, status } = await readOperation(ctx, ref);
    expect({ approval, status }).toEqual({ approval: 'PENDING', status: 'PENDING' });
    const others = second.permissions.difference(new Set([needs]));
    await expect(
      approveBulkOperation(world.as({ ...second, permissions: others }), decision(ref)),
    ).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await approveBulkOperation(world.as({ ...second, permissions: new Set([needs]) }), decision(ref));
    await runBulkOperation(services, ref);
    const done = await readOperation(ctx, ref);
    expect(done).toMatchObject({ approval: 'APPROVED', changed, refused });
    expect(done.changed).toBeGreaterThan(0);
  });
});
