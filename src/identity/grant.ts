import { DomainError, validationFailed } from '../errors.ts';
import type { ServiceProviderId } from '../ids.ts';
import { type Actor, authorityAt, type Place } from './actor.ts';
import { refuseBorrower } from './authorize.ts';
import { type Authority, mostOf, type Permission, permissions, permissionsOf, type Role } from './permissions.ts';

/** What is handed out: one of the roles that come with the product, or a bundle of a provider's own (`role` is null). */
export interface Grant {
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
}

export type Grantor = Pick<Actor, 'authority' | 'permissions' | 'onBehalfOf'>;

/** A provider's own role, as far as it matters where somebody has it. */
export interface OwnRole {
  readonly rootProviderId: ServiceProviderId;
  readonly providerId: ServiceProviderId;
  readonly permissions: ReadonlySet<Permission>;
}

const placeOfRole: Readonly<Record<Role, Authority>> = {
  PLATFORM_ADMIN: 'PLATFORM',
  PLATFORM_SUPPORT: 'PLATFORM',
  PROVIDER_ADMIN: 'SERVICE_PROVIDER',
  PROVIDER_SUPPORT: 'SERVICE_PROVIDER',
  PROVIDER_VIEWER: 'SERVICE_PROVIDER',
  ORG_ADMIN: 'ORGANIZATION',
  ORG_VIEWER: 'ORGANIZATION',
};

export function grantOf(role: Role): Grant {
  return { role, permissions: permissionsOf(role) };
}

/** What of a grant is more than the grantor may hand out; empty when they may hand out all of it. */
export function beyond(grantor: Grantor, grant: Grant): readonly Permission[] {
  return exceeding(grantor, grant, isAboveAll(grantor) && grant.role !== null);
}

function exceeding(grantor: Grantor, grant: Grant, mayAppointRevealers: boolean): readonly Permission[] {
  return [...grant.permissions].filter(
    (permission) => !grantor.permissions.has(permission) && !(permission === 'apiKey:reveal' && mayAppointRevealers),
  );
}

/** The platform reveals no key, and yet appoints, by the roles of the product, and dismisses those who do. */
function isAboveAll({ authority, permissions }: Grantor): boolean {
  return authority === 'PLATFORM' && permissions.has('staff:manage');
}

/** Never stronger than the grantor, and nothing that would outlive a delegation. */
export function mayGrant(grantor: Grantor, grant: Grant): boolean {
  return grantor.onBehalfOf === null && beyond(grantor, grant).length === 0;
}

/** @throws DomainError `FORBIDDEN` */
export function requireMayGrant(grantor: Grantor, grant: Grant): void {
  refuseBorrower(grantor);
  const missing = beyond(grantor, grant);
  if (missing.length === 0) return;
  const message = `This role can do what you cannot hand out: ${missing.join(', ')}. Ask somebody who may do that.`;
  throw new DomainError('FORBIDDEN', message);
}

/**
 * Whoever could not give somebody their role may not touch them either: to reset the password of the stronger is to
 * become them. @throws DomainError `FORBIDDEN`
 */
export function requireMayManage(grantor: Grantor, person: Grant): void {
  refuseBorrower(grantor);
  const missing = exceeding(grantor, person, isAboveAll(grantor));
  if (missing.length === 0) return;
  const message = `This person can do what you cannot: ${missing.join(', ')}. Ask somebody who may do that.`;
  throw new DomainError('FORBIDDEN', message);
}

export function roleFits(role: Role, place: Place): boolean {
  return placeOfRole[role] === authorityAt(place);
}

/** At the provider that defined it and below, among staff and in organizations, as far as it means something there. */
export function ownRoleFits(role: OwnRole, place: Place): boolean {
  const isThere = role.rootProviderId === place.rootProviderId && place.providerPath.includes(role.providerId);
  return isThere && role.permissions.isSubsetOf(mostOf(authorityAt(place)));
}

/** What a role of a provider's own bundles. @throws DomainError `VALIDATION_FAILED` */
export function parseBundle(field: string, names: readonly string[]): ReadonlySet<Permission> {
  const bundle = new Set(permissions.filter((permission) => names.includes(permission)));
  const unknown = names.filter((name) => !permissions.some((permission) => permission === name));
  if (unknown.length > 0) {
    throw validationFailed(field, `Some of these are no permissions. Choose among ${[...rolePermissions].join(', ')}.`);
  }
  if (bundle.size === 0) throw validationFailed(field, 'Give at least one permission.');
  if (!bundle.isSubsetOf(rolePermissions)) {
    throw validationFailed(field, 'gateway:verify is for service accounts only. Leave it out.');
  }
  return bundle;
}

/** Whatever a person at a provider can hold. */
const rolePermissions = mostOf('SERVICE_PROVIDER');
