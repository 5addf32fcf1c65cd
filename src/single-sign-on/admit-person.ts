import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE, type Scope } from '../database/scope.ts';
import { homeOf } from '../identity/actor.ts';
import { ownRoleFits, roleFits } from '../identity/grant.ts';
import { shareCustomRole } from '../staff/custom-role.repository.ts';
import { ownRoleOf, staffRoleOf } from '../staff/custom-role.ts';
import { nameOfStaffRole, newStaffMemberWith, type StaffMember, type StaffRole } from '../staff/staff-member.ts';
import { findExternalMember, insertExternalMember, setExternalRole } from './external-member.repository.ts';
import type { ExternalPerson } from './external-person.ts';
import { holdTrustedIssuer } from './trusted-issuer.repository.ts';
import type { RoleMapping, TrustedIssuer } from './trusted-issuer.ts';

/** Of whatever the people of an issuer may be given: a provider's own roles may be those of a provider above. */
export function scopeOfPeople({ rootProviderId, providerId }: TrustedIssuer): Scope {
  return providerId === null ? PLATFORM_SCOPE : { level: 'PROVIDER', rootProviderId, providerId: rootProviderId };
}

export function refOf({ rootProviderId, id: trustedIssuerId }: TrustedIssuer) {
  return { rootProviderId, trustedIssuerId };
}

/** Whether they are known already, may come in, and have the very role that the issuer says. */
export function isAdmitted(member: StaffMember | null, { role, customRoleId }: RoleMapping): boolean {
  if (member === null || member.deactivatedAt !== null) return false;
  return member.role === role && member.customRoleId === customRoleId;
}

/**
 * The member that a trusted issuer's word makes of somebody: a new one the first time, and always in the role that the
 * issuer says. Two first times at once make one member. Needs `scopeOfPeople`.
 * @param ctx acts for the system
 * @returns null when they are deactivated, or the issuer or the role is not there any more
 */
export async function admitPerson(
  tx: Tx,
  ctx: RequestContext,
  trusted: TrustedIssuer,
  person: ExternalPerson,
): Promise<StaffMember | null> {
  const issuer = await holdTrustedIssuer(tx, refOf(trusted));
  if (issuer === null || issuer.disabledAt !== null) return null;
  const role = await roleOf(tx, issuer, person.mapping);
  if (role === null) return null;
  const known = await findExternalMember(tx, refOf(issuer), person.subject);
  const member = known ?? (await create(tx, ctx, issuer, person, role));
  if (member.deactivatedAt !== null) return null;
  if (isAdmitted(member, person.mapping)) return member;
  const changed = await changeRole(tx, ctx, member, role);
  if (changed !== null) return changed;
  const now = await findExternalMember(tx, refOf(issuer), person.subject); // another request was first
  return now === null || now.deactivatedAt !== null ? null : { ...now, ...role };
}

async function roleOf(tx: Tx, issuer: TrustedIssuer, mapping: RoleMapping): Promise<StaffRole | null> {
  if (mapping.role !== null) {
    const fits = roleFits(mapping.role, issuer);
    return fits ? { role: mapping.role, customRoleId: null, customRoleName: null } : null;
  }
  const own = await shareCustomRole(tx, { rootProviderId: issuer.rootProviderId, customRoleId: mapping.customRoleId });
  return own !== null && ownRoleFits(ownRoleOf(own), issuer) ? staffRoleOf(own) : null;
}

async function create(
  tx: Tx,
  ctx: RequestContext,
  issuer: TrustedIssuer,
  person: ExternalPerson,
  role: StaffRole,
): Promise<StaffMember> {
  const { username, displayName } = person;
  const newcomer = newStaffMemberWith(role, { place: issuer, username, displayName, createdAt: ctx.now });
  const member: StaffMember = { ...newcomer, trustedIssuerId: issuer.id };
  if (!(await insertExternalMember(tx, member, person.subject))) {
    const first = await findExternalMember(tx, refOf(issuer), person.subject);
    if (first === null) throw new Error('a member that came first is not there');
    return first;
  }
  await recordAudit(tx, ctx, {
    action: 'staff_member.create',
    subject: homeOf(member),
    target: member.id,
    result: 'OK',
    before: null,
    after: { username: member.username, role: nameOfStaffRole(member), trustedIssuer: issuer.id },
    note: null,
  });
  return member;
}

/** @returns null when they are deactivated by now, or have it already */
async function changeRole(
  tx: Tx,
  ctx: RequestContext,
  member: StaffMember,
  role: StaffRole,
): Promise<StaffMember | null> {
  const sessionEpoch = await setExternalRole(tx, { ...member, ...role });
  if (sessionEpoch === null) return null;
  const changed: StaffMember = { ...member, ...role, sessionEpoch };
  await recordAudit(tx, ctx, {
    action: 'staff_member.update',
    subject: homeOf(member),
    target: member.id,
    result: 'OK',
    before: { role: nameOfStaffRole(member) },
    after: { role: nameOfStaffRole(changed), trustedIssuer: member.trustedIssuerId },
    note: null,
  });
  return changed;
}
