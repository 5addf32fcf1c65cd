import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { OrganizationGroupRef, ServiceProviderRef } from '../ids.ts';
import { type Page, type PageRequest, toPage } from '../page.ts';
import {
  countOrganizationGroupRows,
  findOrganizationGroup,
  findOrganizationGroupPage,
} from './organization-group.repository.ts';
import type { OrganizationGroup } from './organization-group.ts';

/** By name. */
export const GROUP_ORDER = 'NAME_ASC';

/**
 * Those in sight, or those of one provider in sight and of the resellers below it; an organization's people see none.
 * @throws DomainError `FORBIDDEN`
 */
export async function listOrganizationGroups(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef | null,
  page: PageRequest,
): Promise<Page<OrganizationGroup>> {
  requirePermission(ctx.actor, 'apiKey:view');
  const { scope } = ctx.actor;
  const rows = await ctx.database.read(scope, (tx) => findOrganizationGroupPage(tx, scope, serviceProvider, page));
  return toPage(rows, page);
}

/** @throws DomainError `FORBIDDEN` */
export async function countOrganizationGroups(
  ctx: RequestContext,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  requirePermission(ctx.actor, 'apiKey:view');
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => countOrganizationGroupRows(tx, scope, serviceProvider));
}

/** Null when it does not exist, is out of sight, or the caller does not look at keys. */
export async function lookUpOrganizationGroup(
  ctx: RequestContext,
  ref: OrganizationGroupRef,
): Promise<OrganizationGroup | null> {
  const { actor } = ctx;
  if (!actor.permissions.has('apiKey:view')) return null;
  const found = await ctx.database.read(actor.scope, (tx) => findOrganizationGroup(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}
