import { syncApiKey } from '../../src/bulk-operation/sync-api-key.service.ts';
import type { BulkOperationRef, OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { setApprovalAbove } from '../../src/service-provider/set-approval-above.service.ts';
import { createStaff, createTestOrganization } from './fixtures.ts';
import { test as base, type KeyWorld } from './key-world.ts';
import { syncInput } from './sync.ts';

/** As somebody of the platform sets it. */
export function askForApproval(
  world: KeyWorld,
  serviceProvider: ServiceProviderRef,
  approvalAbove: number | null,
): Promise<ServiceProviderRef> {
  const ctx = world.as(world.platformAdmin);
  return setApprovalAbove(ctx, { serviceProvider, approvalAbove, idempotencyKey: null });
}

/** A sync that another administrator of the reseller has started, and that waits. */
export async function startWaiting(
  world: KeyWorld,
  organizations: readonly OrganizationRef[],
  more: Parameters<typeof syncInput>[1] = {},
): Promise<BulkOperationRef> {
  await askForApproval(world, world.tenants.reseller, 0);
  const { actor } = await createStaff(world.keyward.services, 'PROVIDER_ADMIN', world.tenants.reseller);
  return (await syncApiKey(world.as(actor), syncInput(organizations, more))).operation;
}

export function organizationsOf({ keyward, tenants }: KeyWorld, count: number): Promise<OrganizationRef[]> {
  const { platformAdmin, reseller } = tenants;
  const create = () => createTestOrganization(keyward.services, platformAdmin, reseller);
  return Promise.all(Array.from({ length: count }, create));
}

/** Three organizations of the reseller, whose parent lets one person change two; and a second person of the reseller. */
export const test = base
  .extend('fleet', async ({ world }) => {
    await askForApproval(world, world.tenants.root, 2);
    return organizationsOf(world, 3);
  })
  .extend('second', async ({ world }) => {
    const { keyward, tenants } = world;
    return (await createStaff(keyward.services, 'PROVIDER_ADMIN', tenants.reseller)).actor;
  });

export function decision(operation: BulkOperationRef | null, note: string | null = null) {
  return { operation, note, idempotencyKey: null };
}

/** What was written down of the operation as a whole. */
export function operationTrail({ keyward }: KeyWorld, { bulkOperationId }: BulkOperationRef) {
  return keyward.database.query(
    `select action, actor_name, result, note, after::json->>'approval' as approval,
       after::json->>'decidedBy' as decided_by, (after::json->>'changed')::int as changed
     from audit_event where target = $1 order by id`,
    [bulkOperationId],
  );
}

/** How many rows a request, and what it began, has in the trail. */
export async function countAuditRows({ keyward }: KeyWorld, requestId: string, action: string): Promise<number> {
  const find = 'select from audit_event where request_id = $1 and action = $2';
  return (await keyward.database.query(find, [requestId, action])).length;
}

export async function keepsString({ keyward }: KeyWorld, { bulkOperationId }: BulkOperationRef): Promise<unknown> {
  const [row] = await keyward.database.query<{ kept: boolean }>(
    'select ciphertext is not null as kept from bulk_operation where id = $1',
    [bulkOperationId],
  );
  return row?.kept;
}
