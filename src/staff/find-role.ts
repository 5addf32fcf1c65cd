import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { notFound, validationFailed } from '../errors.ts';
import type { Place } from '../identity/actor.ts';
import { grantOf, ownRoleFits, requireMayGrant, roleFits } from '../identity/grant.ts';
import type { Role } from '../identity/permissions.ts';
import type { CustomRoleRef } from '../ids.ts';
import { shareCustomRole } from './custom-role.repository.ts';
import { grantOfCustomRole, ownRoleOf, staffRoleOf } from './custom-role.ts';
import type { StaffRole } from './staff-member.ts';

/** The role that the caller named: one that comes with the product, or one of a provider's own. */
export interface NamedRole {
  readonly role: Role | null;
  /** `'UNKNOWN'`: an id that names nothing. */
  readonly customRole: CustomRoleRef | 'UNKNOWN' | null;
}

/** @throws DomainError `VALIDATION_FAILED` when it is none or both, or does not fit the place; `NOT_FOUND`, `FORBIDDEN` */
export async function findRoleToGrant(
  ctx: RequestContext,
  tx: Tx,
  { role, customRole }: NamedRole,
  place: Place,
): Promise<StaffRole> {
  if ((role === null) === (customRole === null)) {
    throw validationFailed('role', 'Give either role or customRoleId.');
  }
  if (role !== null) {
    if (!roleFits(role, place)) throw validationFailed('role', `${role} is no role for people of this place.`);
    requireMayGrant(ctx.actor, grantOf(role));
    return { role, customRoleId: null, customRoleName: null };
  }
  const found = customRole === null || customRole === 'UNKNOWN' ? null : await shareCustomRole(tx, customRole);
  if (found === null || !inSight(ctx.actor.scope, found)) throw notFound('customRoleId');
  if (!ownRoleFits(ownRoleOf(found), place)) {
    const message = 'This role is for people of its provider and below, and bundles no more than they can hold there.';
    throw validationFailed('customRoleId', message);
  }
  requireMayGrant(ctx.actor, grantOfCustomRole(found));
  return staffRoleOf(found);
}
