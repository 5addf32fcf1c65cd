import { lockSlot } from '../../src/api-key/api-key.repository.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import { listResults, lookUpBulkOperation } from '../../src/bulk-operation/bulk-operation.service.ts';
import type { BulkOutcome } from '../../src/bulk-operation/bulk-operation.ts';
import type { BulkOperation, BulkResult } from '../../src/bulk-operation/bulk-operation-row.ts';
import type { BulkTarget } from '../../src/bulk-operation/start-operation.ts';
import { type SyncInput, syncApiKey } from '../../src/bulk-operation/sync-api-key.service.ts';
import type { RequestContext, Services } from '../../src/context.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { BulkOperationRef, OrganizationRef } from '../../src/ids.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { organizationId } from './graphql-world.ts';

export function bulkTarget(
  organizations: readonly OrganizationRef[] | null,
  more: Partial<BulkTarget> = {},
): BulkTarget {
  return {
    organizations: organizations?.map((ref) => ({ text: organizationId(ref), ref })) ?? null,
    filter: null,
    atomicity: 'ALL_OR_NOTHING',
    dryRun: false,
    checkedBy: null,
    idempotencyKey: null,
    ...more,
  };
}

export function syncInput(
  organizations: readonly OrganizationRef[] | null,
  { newKey, newKeyFrom = null, ...more }: Partial<Omit<SyncInput, 'newKey'>> & { readonly newKey?: string | null } = {},
): SyncInput {
  return { ...bulkTarget(organizations, more), newKey: newKey == null ? null : new Secret(newKey), newKeyFrom };
}

export async function readOperation(ctx: RequestContext, ref: BulkOperationRef): Promise<BulkOperation> {
  const operation = await lookUpBulkOperation(ctx, ref);
  if (operation === null) throw new Error('the operation is out of sight');
  return operation;
}

/** At most 200 of its results. */
export async function readResults(
  ctx: RequestContext,
  operation: BulkOperation,
  outcome: BulkOutcome | null = null,
): Promise<readonly BulkResult[]> {
  return (await listResults(ctx, operation, outcome, { first: 200, after: null })).items;
}

/** Syncs, and tells how the operation is when that is answered. */
export async function sync(ctx: RequestContext, input: SyncInput) {
  const { operation: ref, keyString } = await syncApiKey(ctx, input);
  const operation = await readOperation(ctx, ref);
  return { ref, operation, keyString: keyString?.expose() ?? null, results: await readResults(ctx, operation) };
}

/** The string that the organization's slot holds, unsealed, as only the program can. */
export function readString(services: Services, organization: OrganizationRef): Promise<string | null> {
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const slot = await lockSlot(tx, { ...organization, kind: 'CLOUD_SERVICE' });
    if (slot === null) throw new Error('an organization has a slot of every kind');
    return (await openKeyString(services, tx, slot))?.expose() ?? null;
  });
}

export function readStrings(services: Services, organizations: readonly OrganizationRef[]) {
  return Promise.all(organizations.map((organization) => readString(services, organization)));
}
