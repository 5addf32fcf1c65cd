import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { StaffMemberId } from '../ids.ts';
import { type Page, type PageRequest, type Position, toPage } from '../page.ts';
import { fold } from '../text.ts';
import { rootOf } from './run-staff-command.ts';
import { findStaffMember } from './staff-member.repository.ts';
import type { StaffMember } from './staff-member.ts';
import { countStaff, findStaffPage, type StaffFilter } from './staff-member-list.repository.ts';

/** By user name. */
export const STAFF_ORDER = 'USERNAME_ASC';

export function positionOf({ username, id }: StaffMember): Position {
  return { value: fold(username), id };
}

/** Everybody in sight. @throws DomainError `FORBIDDEN` */
export async function listStaffMembers(
  ctx: RequestContext,
  filter: StaffFilter,
  page: PageRequest,
): Promise<Page<StaffMember>> {
  requirePermission(ctx.actor, 'staff:manage');
  const { scope } = ctx.actor;
  return toPage(await ctx.database.read(scope, (tx) => findStaffPage(tx, scope, filter, page)), page);
}

/** @throws DomainError `FORBIDDEN` */
export function countStaffMembers(ctx: RequestContext, filter: StaffFilter): Promise<number> {
  requirePermission(ctx.actor, 'staff:manage');
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => countStaff(tx, scope, filter));
}

/** Null when there is nobody, out of sight, or somebody else and the caller does not manage people. */
export async function lookUpStaffMember(ctx: RequestContext, id: StaffMemberId): Promise<StaffMember | null> {
  const { actor } = ctx;
  if (id !== actor.id && !actor.permissions.has('staff:manage')) return null;
  const found = await ctx.database.read(actor.scope, (tx) => findStaffMember(tx, rootOf(actor.scope), id));
  return found !== null && inSight(actor.scope, found) ? found : null;
}
