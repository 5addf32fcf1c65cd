import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { RotationPolicyRef, ServiceProviderRef } from '../ids.ts';
import { type Page, type PageRequest, requireTimestamp, toPage } from '../page.ts';
import { countRotationPolicyRows, findRotationPolicy, findRotationPolicyPage } from './rotation-policy.repository.ts';
import type { RotationPolicy } from './rotation-policy.ts';

/** The oldest first. */
export const POLICY_ORDER = 'CREATED_AT_ASC';

/**
 * Those in sight, or those of one provider in sight and of the resellers below it; an organization's people see none.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`
 */
export async function listRotationPolicies(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef | null,
  page: PageRequest,
): Promise<Page<RotationPolicy>> {
  requirePermission(ctx.actor, 'apiKey:view');
  requireTimestamp(page.after);
  const { scope } = ctx.actor;
  return toPage(await ctx.database.read(scope, (tx) => findRotationPolicyPage(tx, scope, serviceProvider, page)), page);
}

/** @throws DomainError `FORBIDDEN` */
export function countRotationPolicies(
  { actor, database }: RequestContext,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  requirePermission(actor, 'apiKey:view');
  return database.read(actor.scope, (tx) => countRotationPolicyRows(tx, actor.scope, serviceProvider));
}

/** Null when it does not exist, is out of sight, or the caller does not look at keys. */
export async function lookUpRotationPolicy(
  { actor, database }: RequestContext,
  ref: RotationPolicyRef,
): Promise<RotationPolicy | null> {
  if (!actor.permissions.has('apiKey:view')) return null;
  const found = await database.read(actor.scope, (tx) => findRotationPolicy(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}
