import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import type { Place } from '../identity/actor.ts';
import { grantOf, requireMayGrant } from '../identity/grant.ts';
import { shareCustomRole } from '../staff/custom-role.repository.ts';
import { grantOfCustomRole } from '../staff/custom-role.ts';
import { findRoleToGrant, type NamedRole } from '../staff/find-role.ts';
import type { StaffRole } from '../staff/staff-member.ts';
import { scopeOfPeople } from './admit-person.ts';
import { parseRoleValues, type RoleMapping, type TrustedIssuer } from './trusted-issuer.ts';

/** A mapping as the caller wrote it. */
export interface NamedMapping extends NamedRole {
  readonly value: string;
}

/**
 * Roles that the caller could give to people of the place in person: an issuer is no way around that.
 * @throws DomainError `VALIDATION_FAILED`, `NOT_FOUND`, `FORBIDDEN`
 */
export async function findMapping(
  ctx: RequestContext,
  tx: Tx,
  named: readonly NamedMapping[],
  place: Place,
): Promise<readonly RoleMapping[]> {
  const values = parseRoleValues(named.map(({ value }) => value));
  const mapping: RoleMapping[] = [];
  for (const [index, value] of values.entries()) {
    const role = await findRoleToGrant(ctx, tx, roleAt(named, index), place).catch((error: unknown) => {
      throw error instanceof DomainError ? at(error, index) : error;
    });
    mapping.push(mappingTo(role, value));
  }
  return mapping;
}

function roleAt(named: readonly NamedMapping[], index: number): NamedRole {
  return named[index] ?? { role: null, customRole: null };
}

function at({ code, message, field }: DomainError, index: number): DomainError {
  return new DomainError(code, message, field === null ? null : ['roleMapping', String(index), ...field]);
}

function mappingTo(role: StaffRole, value: string): RoleMapping {
  return role.role === null
    ? { value, role: null, customRoleId: role.customRoleId }
    : { value, role: role.role, customRoleId: null };
}

/**
 * Whoever could not give out what an issuer gives out may not touch it either: to change who gets a role is to give it.
 * @throws DomainError `FORBIDDEN`
 */
export async function requireMayManageIssuer(ctx: RequestContext, tx: Tx, issuer: TrustedIssuer): Promise<void> {
  for (const { role, customRoleId } of issuer.roleMapping) {
    if (role !== null) requireMayGrant(ctx.actor, grantOf(role));
    else {
      const ref = { rootProviderId: issuer.rootProviderId, customRoleId };
      const own = await tx.within(scopeOfPeople(issuer), (people) => shareCustomRole(people, ref));
      if (own !== null) requireMayGrant(ctx.actor, grantOfCustomRole(own));
    }
  }
}
