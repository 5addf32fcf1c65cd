import type { AuditState } from '../audit/audit-event.ts';
import type { TenantRow } from '../database/scope.ts';
import { DomainError, validationFailed } from '../errors.ts';
import type { AuthorizationServerId, AuthorizationServerRef, OrganizationId } from '../ids.ts';
import { isPlainUrl } from '../issuer.ts';
import { fold, parseLine } from '../text.ts';

/** What may change of it. */
export interface ServerSettings {
  readonly name: string;
  /** As it calls itself in its tokens, to the letter. */
  readonly issuer: string;
  readonly jwksUrl: string;
  /** What `aud` of its access tokens must hold. */
  readonly audience: string;
  readonly isEnabled: boolean;
}

/** An OAuth 2.0 authorization server whose access tokens stand for an organization's key, while it is enabled. */
export interface AuthorizationServer extends TenantRow, ServerSettings {
  readonly id: AuthorizationServerId;
  readonly organizationId: OrganizationId;
  /** 1 or 2. */
  readonly place: number;
  /** Moves with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly createdByName: string;
}

/** A server as it was when a token of it was verified: of another version it has other settings. */
export interface VerifiedServer extends AuthorizationServerRef {
  readonly version: number;
}

const LONGEST_NAME = 200;
const MOST_SERVERS = 2;

export function parseName(given: string): string {
  return parseLine('name', given, LONGEST_NAME);
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseJwksUrl(given: string): string {
  const url = given.trim();
  if (isPlainUrl(url) && !url.includes('#')) return url;
  throw validationFailed('jwksUrl', 'Give the https URL at which the server publishes its keys as a JSON Web Key Set.');
}

/**
 * Where a new one goes. @param others those that the organization has
 * @throws DomainError `LIMIT_REACHED`
 */
export function freePlace(others: readonly AuthorizationServer[]): number {
  const place = [1, 2].find((each) => others.every((other) => other.place !== each));
  if (place !== undefined) return place;
  const message = `An organization has at most ${MOST_SERVERS} authorization servers. Delete one of them first.`;
  throw new DomainError('LIMIT_REACHED', message, ['organizationId']);
}

/** @throws DomainError `DUPLICATE_NAME` */
export function refuseTakenName(name: string, others: readonly AuthorizationServer[]): void {
  if (others.every((other) => fold(other.name) !== fold(name))) return;
  const message = 'The organization has an authorization server with this name already. Choose another name.';
  throw new DomainError('DUPLICATE_NAME', message, ['name']);
}

/** @throws DomainError `ALREADY_DISABLED`, `NOT_DISABLED` */
export function decideSwitch({ isEnabled }: ServerSettings, enable: boolean): void {
  if (enable && isEnabled)
    throw new DomainError(
      'NOT_DISABLED',
      'This authorization server is enabled already: there is nothing to do. Look at it again.',
    );
  if (!enable && !isEnabled)
    throw new DomainError(
      'ALREADY_DISABLED',
      'This authorization server is disabled already: there is nothing to do. Look at it again.',
    );
}

/** @throws DomainError `VERSION_CONFLICT` */
export function refuseMovedVersion({ version }: AuthorizationServer, expected: number | null): void {
  if (expected === null || expected === version) return;
  throw new DomainError(
    'VERSION_CONFLICT',
    `The authorization server has changed since: its version is ${version}. Look at it again, then repeat the command.`,
    ['expectedVersion'],
  );
}

export function auditStateOf({ name, issuer, jwksUrl, audience, isEnabled }: ServerSettings): AuditState {
  return { name, issuer, jwksUrl, audience, isEnabled };
}
