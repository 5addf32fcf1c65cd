import { DomainError, validationFailed } from '../errors.ts';
import type { Place } from '../identity/actor.ts';
import { beyond, type Grantor } from '../identity/grant.ts';
import { type Authority, knownPermissions, mostOf, type Permission, permissions } from '../identity/permissions.ts';
import type {
  ActorId,
  OrganizationRef,
  ServiceAccountId,
  ServiceAccountSecretId,
  ServiceProviderId,
  ServiceProviderRef,
} from '../ids.ts';

/** A program that acts in its own name: a reseller's dashboard, a script, a gateway. */
export interface ServiceAccount extends Place {
  readonly id: ServiceAccountId;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdAt: Date;
  readonly createdById: ActorId | null;
  readonly createdByName: string;
  /** When it last got a token, give or take a minute. */
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
  /** Since then it is dead for good. */
  readonly revokedAt: Date | null;
}

/** One of its secrets, without the secret itself. */
export interface ServiceAccountSecret {
  readonly rootProviderId: ServiceProviderId;
  readonly id: ServiceAccountSecretId;
  readonly serviceAccountId: ServiceAccountId;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface ServiceAccountRef {
  readonly rootProviderId: ServiceProviderId;
  readonly serviceAccountId: ServiceAccountId;
}

export interface ServiceAccountSecretRef {
  readonly rootProviderId: ServiceProviderId;
  readonly secretId: ServiceAccountSecretId;
}

/** Which ones a list shows. Null: it does not matter. */
export interface ServiceAccountFilter {
  /** Of this provider, its organizations and the resellers below it. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly organization: OrganizationRef | null;
  /** False: the revoked ones. */
  readonly isActive: boolean | null;
}

export const LONGEST_NAME = 200;
/** So that one can be replaced while the other is in use. */
export const MOST_SECRETS = 2;

/** The most that a service account of an authority can hold: gateways stand at a provider or at the platform. */
export function mostOfServiceAccount(authority: Authority): ReadonlySet<Permission> {
  const most = new Set(mostOf(authority));
  if (authority === 'PLATFORM' || authority === 'SERVICE_PROVIDER') most.add('gateway:verify');
  return most;
}

/**
 * What a new service account is to hold.
 * @param authority of the place where it is to stand
 * @throws DomainError `VALIDATION_FAILED` when there is none, or one that means nothing there
 */
export function parsePermissions(given: readonly string[], authority: Authority): readonly Permission[] {
  const most = mostOfServiceAccount(authority);
  const wanted = permissions.filter((permission) => given.includes(permission) && most.has(permission));
  if (wanted.length === new Set(given).size && wanted.length > 0) return wanted;
  throw validationFailed('permissions', `Give one or more of ${[...most].join(', ')}.`);
}

/**
 * Nobody hands out what they do not hold, save `gateway:verify`, which no person has. Whoever gives a secret to an account
 * hands out all that it may do.
 * @throws DomainError `FORBIDDEN`
 */
export function requireGrantable(actor: Grantor, wanted: readonly string[]): void {
  if (actor.onBehalfOf !== null) {
    throw new DomainError(
      'FORBIDDEN',
      'A service account would outlive your delegation. Ask the provider to create it.',
    );
  }
  const bundle = new Set(knownPermissions(wanted));
  if (mostOfServiceAccount(actor.authority).has('gateway:verify')) bundle.delete('gateway:verify');
  const missing = beyond(actor, { role: null, permissions: bundle });
  if (missing.length === 0) return;
  throw new DomainError(
    'FORBIDDEN',
    `You can only hand out permissions that you hold. These are not yours: ${missing.join(', ')}.`,
  );
}

/** @throws DomainError `VALIDATION_FAILED`, `LIMIT_REACHED` */
export function requireRoomForSecret(account: ServiceAccount, secretCount: number): void {
  if (account.revokedAt !== null) {
    throw validationFailed('serviceAccountId', 'This service account was revoked for good. Create another one.');
  }
  if (secretCount < MOST_SECRETS) return;
  throw new DomainError(
    'LIMIT_REACHED',
    `A service account has at most ${MOST_SECRETS} secrets. Revoke one that is not in use any more.`,
    ['serviceAccountId'],
  );
}
