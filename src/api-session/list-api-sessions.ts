import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { ApiSessionRef, OrganizationRef } from '../ids.ts';
import { type Page, type PageRequest, type Position, requireTimestamp, toPage } from '../page.ts';
import { findApiSessions } from './api-session.repository.ts';
import { type ApiSession, isAlive, livingAt } from './api-session.ts';
import { countApiSessionRows, findApiSessionPage } from './api-session-list.repository.ts';

/** The newest first. */
export const API_SESSION_ORDER = 'CREATED_AT_DESC';

export function positionOf({ createdAt, apiSessionId }: ApiSession): Position {
  return { value: createdAt.toISOString(), id: apiSessionId };
}

/** The living ones of an organization that is known to be in sight. @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED` */
export async function listApiSessions(
  ctx: RequestContext,
  organization: OrganizationRef,
  page: PageRequest,
): Promise<Page<ApiSession>> {
  requirePermission(ctx.actor, 'audit:view');
  requireTimestamp(page.after);
  const living = livingAt(ctx.now, ctx.apiSessionSettings.idleTimeoutMs);
  const rows = await ctx.database.read(ctx.actor.scope, (tx) => findApiSessionPage(tx, organization, living, page));
  return toPage(rows, page);
}

/** @throws DomainError `FORBIDDEN` */
export async function countApiSessions(ctx: RequestContext, organization: OrganizationRef): Promise<number> {
  requirePermission(ctx.actor, 'audit:view');
  const living = livingAt(ctx.now, ctx.apiSessionSettings.idleTimeoutMs);
  return ctx.database.read(ctx.actor.scope, (tx) => countApiSessionRows(tx, organization, living));
}

/** Null when it has ended, is out of sight, or the caller may not see sessions. */
export async function lookUpApiSession(ctx: RequestContext, ref: ApiSessionRef): Promise<ApiSession | null> {
  if (!ctx.actor.permissions.has('audit:view')) return null;
  const { scope } = ctx.actor;
  const [found] = await ctx.database.read(scope, (tx) => findApiSessions(tx, [ref]));
  if (found === undefined || !inSight(scope, found)) return null;
  return isAlive(found, ctx.now, ctx.apiSessionSettings.idleTimeoutMs) ? found : null;
}
