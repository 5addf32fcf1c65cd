import type { RequestContext } from '../context.ts';
import type { Scope } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { DelegationRef } from '../ids.ts';
import { type Page, type PageRequest, type Position, requireTimestamp, toPage } from '../page.ts';
import {
  countDelegations,
  type DelegationFilter,
  findDelegation,
  findDelegationPage,
  type Viewer,
} from './delegation.repository.ts';
import { type Delegation, delegationStatus, sideOf } from './delegation.ts';

/** The newest first. */
export const DELEGATION_ORDER = 'CREATED_AT_DESC';

/** Where it stands in that order. */
export function positionOf(delegation: Delegation): Position {
  return { value: delegation.createdAt.toISOString(), id: delegation.id };
}

/**
 * Those that the viewer's provider, or one below it, has granted, and those that it has received.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`
 */
export async function listDelegations(
  ctx: RequestContext,
  filter: DelegationFilter,
  page: PageRequest,
): Promise<Page<Delegation>> {
  requireManagerOrUser(ctx, filter);
  requireTimestamp(page.after);
  const { scope } = ctx.actor;
  const viewer = viewerOf(scope);
  if (viewer === 'NOBODY') return toPage([], page);
  const rows = await ctx.database.read(scope, (tx) => findDelegationPage(tx, viewer, filter, ctx.now, page));
  return toPage(rows, page);
}

/** @throws DomainError `FORBIDDEN` */
export async function countListedDelegations(ctx: RequestContext, filter: DelegationFilter): Promise<number> {
  requireManagerOrUser(ctx, filter);
  const { scope } = ctx.actor;
  const viewer = viewerOf(scope);
  if (viewer === 'NOBODY') return 0;
  return ctx.database.read(scope, (tx) => countDelegations(tx, viewer, filter, ctx.now));
}

/** Null when it does not exist, is out of sight, or the viewer neither manages staff nor may act under it. */
export async function lookUpDelegation(ctx: RequestContext, ref: DelegationRef): Promise<Delegation | null> {
  const { scope, permissions } = ctx.actor;
  const found = await ctx.database.read(scope, (tx) => findDelegation(tx, ref));
  const side = found === null ? null : sideOf(scope, found);
  if (found === null || side === null) return null;
  const mayUse = side === 'RECEIVED' && delegationStatus(found, ctx.now) === 'ACTIVE';
  return mayUse || permissions.has('staff:manage') ? found : null;
}

/** Whoever may act under a delegation has to find it. */
function requireManagerOrUser({ actor }: RequestContext, { side, isActive }: DelegationFilter): void {
  if (side === 'RECEIVED' && isActive === true) return;
  requirePermission(actor, 'staff:manage');
}

function viewerOf(scope: Scope): Viewer | null | 'NOBODY' {
  if (scope.level === 'PLATFORM') return null;
  return scope.level === 'PROVIDER' ? scope : 'NOBODY';
}
