import type { RequestContext } from '../context.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { type Page, type PageRequest, toPage } from '../page.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { seesProvider } from '../service-provider/service-provider.ts';
import { countApiKeyGroupRows, type DriftRow, findApiKeyGroupPage, findDriftRow } from './api-key-group.repository.ts';
import {
  type ApiKeyDrift,
  type ApiKeyGroup,
  groupPositionOf,
  LEAST_SHARING,
  parseMinimumCount,
} from './api-key-group.ts';

export interface ListApiKeyGroups {
  /** Of this provider and the resellers below it; null: all in sight. */
  readonly serviceProvider: ServiceProviderRef | null;
  /** Smaller groups are left out. */
  readonly minimumCount: number;
}

/** Who shares a string, as far as the caller sees, largest groups first. @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED` */
export async function listApiKeyGroups(
  ctx: RequestContext,
  { serviceProvider, minimumCount }: ListApiKeyGroups,
  page: PageRequest,
): Promise<Page<ApiKeyGroup>> {
  requirePermission(ctx.actor, 'apiKey:view');
  const { scope } = ctx.actor;
  const query = { scope, serviceProvider, minimumCount: parseMinimumCount(minimumCount) };
  const after = groupPositionOf(page);
  const rows = await ctx.database.read(scope, (tx) => findApiKeyGroupPage(tx, query, after, page.first));
  return toPage(rows, page);
}

/** @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED` */
export async function countApiKeyGroups(
  ctx: RequestContext,
  { serviceProvider, minimumCount }: ListApiKeyGroups,
): Promise<number> {
  requirePermission(ctx.actor, 'apiKey:view');
  const { scope } = ctx.actor;
  const query = { scope, serviceProvider, minimumCount: parseMinimumCount(minimumCount) };
  return ctx.database.read(scope, (tx) => countApiKeyGroupRows(tx, query));
}

/**
 * Who of the provider's subtree is not on the string of its largest group; of groups of one size, the first by fingerprint
 * is the largest. Null when the provider is missing or out of sight. @throws DomainError `FORBIDDEN`
 */
export async function findApiKeyDrift(ctx: RequestContext, ref: ServiceProviderRef): Promise<ApiKeyDrift | null> {
  requirePermission(ctx.actor, 'apiKey:view');
  const { scope } = ctx.actor;
  const [provider, row] = await ctx.database.read(scope, (tx) =>
    Promise.all([findServiceProvider(tx, ref), findDriftRow(tx, scope, ref, LEAST_SHARING)]),
  );
  if (provider === null || !seesProvider(scope, provider)) return null;
  const largestGroup = largestOf(row, ref);
  const driftedCount = largestGroup === null ? 0 : row.holdingCount - largestGroup.organizationCount;
  return { serviceProvider: provider, largestGroup, driftedCount, emptyCount: row.emptyCount };
}

function largestOf(
  { fingerprint, organizationCount }: DriftRow,
  { rootProviderId }: ServiceProviderRef,
): ApiKeyGroup | null {
  if (fingerprint === null || organizationCount === null) return null;
  return { rootProviderId, fingerprint, organizationCount };
}
