import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import type { Place } from '../identity/actor.ts';
import { requirePermission } from '../identity/authorize.ts';
import { type Grant, grantOf, mayGrant, ownRoleFits, roleFits } from '../identity/grant.ts';
import { roles } from '../identity/permissions.ts';
import type { CustomRoleRef } from '../ids.ts';
import { findCustomRole, listCustomRoles } from './custom-role.repository.ts';
import { type CustomRole, grantOfCustomRole, ownRoleOf } from './custom-role.ts';
import { lookUpPlace, type NamedPlace } from './find-place.ts';

/** A role that people of some place can have. */
export interface RoleChoice {
  readonly grant: Grant;
  /** Null for one that comes with the product. */
  readonly customRole: CustomRole | null;
  /** Whether the caller may give it to somebody. */
  readonly mayGrant: boolean;
}

/**
 * The roles for people of that place: those that come with the product, then the providers' own in sight, by name. None for
 * a place out of sight. @throws DomainError `FORBIDDEN`
 */
export async function listRoles(ctx: RequestContext, named: NamedPlace): Promise<RoleChoice[]> {
  const { actor } = ctx;
  requirePermission(actor, 'staff:manage');
  return ctx.database.withTransaction(actor.scope, async (tx) => {
    const place = await lookUpPlace(tx, named);
    if (place === null || !inSight(actor.scope, place)) return [];
    const own = await listCustomRoles(tx, place.rootProviderId, place.providerPath);
    const choice = (grant: Grant, customRole: CustomRole | null) => {
      return { grant, customRole, mayGrant: mayGrant(actor, grant) };
    };
    return [
      ...roles.filter((role) => roleFits(role, place)).map((role) => choice(grantOf(role), null)),
      ...own.filter((role) => isChoice(ctx, role, place)).map((role) => choice(grantOfCustomRole(role), role)),
    ];
  });
}

function isChoice(ctx: RequestContext, role: CustomRole, place: Place): boolean {
  return inSight(ctx.actor.scope, role) && ownRoleFits(ownRoleOf(role), place);
}

/** Null when it does not exist, is out of sight, or the caller does not manage people. */
export async function lookUpCustomRole(ctx: RequestContext, ref: CustomRoleRef): Promise<CustomRole | null> {
  const { actor } = ctx;
  if (!actor.permissions.has('staff:manage')) return null;
  const found = await ctx.database.read(actor.scope, (tx) => findCustomRole(tx, ref));
  return found !== null && inSight(actor.scope, found) ? found : null;
}
