import type { Place } from '../identity/actor.ts';
import type { Grant } from '../identity/grant.ts';
import { knownPermissions, type Permission, permissionsOf, type Role } from '../identity/permissions.ts';
import { type CustomRoleId, newId, type StaffMemberId, type TrustedIssuerId } from '../ids.ts';

/** One of the roles that come with the product, or a provider's own with what it bundles at the moment. */
export type StaffRole =
  | { readonly role: Role; readonly customRoleId: null; readonly customRoleName: null }
  | {
      readonly role: null;
      readonly customRoleId: CustomRoleId;
      readonly customRoleName: string;
      readonly customPermissions: readonly string[];
    };

/** Somebody who signs in in person: staff of the platform or a provider, or an organization's own. */
export type StaffMember = Place &
  StaffRole & {
    readonly id: StaffMemberId;
    readonly username: string;
    readonly displayName: string;
    /** Null for whoever has a password here. */
    readonly trustedIssuerId: TrustedIssuerId | null;
    /** Somebody else knows the password: its owner must change it before anything else. */
    readonly passwordMustChange: boolean;
    /** Tokens issued under an older epoch are dead. */
    readonly sessionEpoch: number;
    readonly createdAt: Date;
    readonly lastLoginAt: Date | null;
    readonly deactivatedAt: Date | null;
  };

/** The bundle of the role that they have. */
export function permissionsOfStaffRole(role: StaffRole): ReadonlySet<Permission> {
  return role.role === null ? knownPermissions(role.customPermissions) : permissionsOf(role.role);
}

export function nameOfStaffRole(role: StaffRole): string {
  return role.role ?? role.customRoleName;
}

/** As whoever hands out roles sees it. */
export function grantOfStaffRole(role: StaffRole): Grant {
  return { role: role.role, permissions: permissionsOfStaffRole(role) };
}

interface NewPerson {
  readonly place: Place;
  readonly username: string;
  readonly displayName: string;
  readonly createdAt: Date;
}

/** Somebody new, with a password and one of the roles that come with the product. */
export function newStaffMember(person: NewPerson & { readonly role: Role }): StaffMember & { readonly role: Role } {
  return { ...newPerson(person), role: person.role, customRoleId: null, customRoleName: null };
}

/** The same with any role. */
export function newStaffMemberWith(role: StaffRole, person: NewPerson): StaffMember {
  return { ...newPerson(person), ...role };
}

function newPerson({ place, username, displayName, createdAt }: NewPerson) {
  const { rootProviderId, providerId, providerPath, organizationId } = place;
  return {
    rootProviderId,
    providerId,
    providerPath,
    organizationId,
    id: newId<'StaffMember'>(),
    username,
    displayName,
    trustedIssuerId: null,
    passwordMustChange: false,
    sessionEpoch: 0,
    createdAt,
    lastLoginAt: null,
    deactivatedAt: null,
  };
}

export const LONGEST_USERNAME = 200;
export const LONGEST_DISPLAY_NAME = 200;
