import { inSight, type Scope, type TenantRow } from '../database/scope.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { type Permission, permissionsOf } from '../identity/permissions.ts';
import type { ActorId, DelegationId, OrganizationId, ServiceProviderId } from '../ids.ts';

export const delegationRoles = ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT', 'PROVIDER_VIEWER'] as const;
export type DelegationRole = (typeof delegationRoles)[number];

export const delegationStatuses = ['PENDING', 'ACTIVE', 'EXPIRED', 'ENDED'] as const;
export type DelegationStatus = (typeof delegationStatuses)[number];

export const delegationSides = ['GRANTED', 'RECEIVED'] as const;
export type DelegationSide = (typeof delegationSides)[number];

/** A role on some organizations, lent by their provider to the staff of another until a date. A row of the grantor's. */
export interface Delegation extends TenantRow {
  readonly id: DelegationId;
  /** The granting provider. */
  readonly providerId: ServiceProviderId;
  readonly providerName: string;
  readonly organizationIds: readonly OrganizationId[];
  /** The providers that they belong to, each once: the granting one, or resellers below it. */
  readonly organizationProviderIds: readonly ServiceProviderId[];
  readonly role: DelegationRole;
  readonly granteeRootProviderId: ServiceProviderId;
  readonly granteeProviderId: ServiceProviderId;
  /** Null until they accept. */
  readonly granteeProviderName: string | null;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly createdById: ActorId | null;
  readonly createdByName: string;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly acceptedById: ActorId | null;
  readonly acceptedByName: string | null;
  readonly endedAt: Date | null;
  readonly endedById: ActorId | null;
  readonly endedByName: string | null;
}

type Term = Pick<Delegation, 'expiresAt' | 'acceptedAt' | 'endedAt'>;

export function delegationStatus({ expiresAt, acceptedAt, endedAt }: Term, now: Date): DelegationStatus {
  if (endedAt !== null) return 'ENDED';
  if (expiresAt <= now) return 'EXPIRED';
  return acceptedAt === null ? 'PENDING' : 'ACTIVE';
}

/** Nothing that outlives the delegation: neither people nor providers, organizations or what runs by itself. */
const lendable: readonly Permission[] = [
  'apiKey:view',
  'apiKey:reveal',
  'apiKey:manage',
  'apiKey:sync',
  'apiKey:enable',
  'subscription:manage',
  'audit:view',
];

/** What a role carries over to another provider's staff. */
export function delegablePermissions(role: DelegationRole): ReadonlySet<Permission> {
  const bundle = permissionsOf(role);
  return new Set(lendable.filter((permission) => bundle.has(permission)));
}

/** Which side the viewer is on; null when it is out of sight. Staff above the grantee are on no side. */
export function sideOf(scope: Scope, delegation: Delegation): DelegationSide | null {
  if (isGrantee(scope, delegation)) return 'RECEIVED';
  return inSight(scope, delegation) ? 'GRANTED' : null;
}

export function seesDelegation(scope: Scope, delegation: Delegation): boolean {
  return sideOf(scope, delegation) !== null;
}

/** Staff of exactly that provider. */
export function isGrantee(scope: Scope, delegation: Delegation): boolean {
  return (
    scope.level === 'PROVIDER' &&
    scope.rootProviderId === delegation.granteeRootProviderId &&
    scope.providerId === delegation.granteeProviderId
  );
}

/** Row security compares every row with each of them: more would make lists slow. */
export const MOST_ORGANIZATIONS = 200;
const LONGEST_YEARS = 2;

/** @throws DomainError `VALIDATION_FAILED` */
export function refuseBadExpiry(expiresAt: Date, now: Date): void {
  const latest = new Date(now);
  latest.setUTCFullYear(now.getUTCFullYear() + LONGEST_YEARS);
  if (expiresAt > now && expiresAt <= latest) return;
  throw validationFailed('expiresAt', `expiresAt must be in the future, and at most ${LONGEST_YEARS} years from now.`);
}

/**
 * Nobody lends what they do not hold, and an organization's own people lend nothing of their provider's.
 * @throws DomainError `FORBIDDEN`
 */
export function refuseLending(
  actor: { readonly scope: Scope; readonly permissions: ReadonlySet<Permission> },
  role: DelegationRole,
): void {
  if (actor.scope.level !== 'PLATFORM' && actor.scope.level !== 'PROVIDER') {
    throw new DomainError('FORBIDDEN', 'Only staff of the provider delegate access to its organizations. Ask them.');
  }
  const missing = [...delegablePermissions(role)].filter((permission) => !actor.permissions.has(permission));
  if (missing.length === 0) return;
  throw new DomainError(
    'FORBIDDEN',
    `You cannot lend what you do not hold: ${missing.join(', ')}. Choose a weaker role, or ask somebody who holds it.`,
  );
}

/**
 * Accepting once more changes nothing.
 * @returns whether there is anything to change
 * @throws DomainError `FORBIDDEN`, `DELEGATION_ENDED`
 */
export function decideAcceptance(delegation: Delegation, scope: Scope, now: Date): boolean {
  if (!isGrantee(scope, delegation)) {
    throw new DomainError('FORBIDDEN', 'Only staff of the provider that it is granted to can accept it.');
  }
  refuseWhenOver(delegation, now);
  return delegationStatus(delegation, now) === 'PENDING';
}

/** Either side may. @throws DomainError `DELEGATION_ENDED` */
export function refuseWhenOver(delegation: Delegation, now: Date): void {
  const status = delegationStatus(delegation, now);
  if (status === 'PENDING' || status === 'ACTIVE') return;
  const message = 'This delegation is over. If access is needed still, the granting provider grants a new one.';
  throw new DomainError('DELEGATION_ENDED', message, ['delegationId']);
}
