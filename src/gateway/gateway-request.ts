import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { Scope } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import { knownPermissions, type Permission } from '../identity/permissions.ts';
import type { ServiceAccountId, ServiceAccountSecretId, ServiceProviderId } from '../ids.ts';
import type { Call } from './call.ts';

/** A service account by the secret that its token was got with. */
export interface AccountRef {
  readonly rootProviderId: ServiceProviderId;
  readonly serviceAccountId: ServiceAccountId;
  readonly secretId: ServiceAccountSecretId;
}

/** A service account as far as it never changes: what it may do must be asked anew for every request. */
export interface KnownGateway {
  readonly ref: AccountRef;
  /** Without permissions. */
  readonly actor: Actor;
  readonly scope: Scope;
  /** The same for all gateways of one scope: what they ask at the same time is decided together. */
  readonly line: string;
  /** Its token stands for no more than these of the account's permissions. */
  readonly granted: readonly Permission[];
}

/** A call as it waits to be decided. */
export interface GatewayRequest {
  readonly gateway: KnownGateway;
  readonly call: Call;
  /** The slot that it is about, as far as that is known before the database is asked. */
  readonly slot: ApiKeyRef | null;
}

/** @param held what the account may do now; undefined: it is revoked, or that secret of it is */
export function actorNow({ actor, granted }: KnownGateway, held: readonly string[] | undefined): Actor | DomainError {
  if (held === undefined) return notSignedIn();
  const permissions = knownPermissions(held).intersection(new Set(granted));
  if (!permissions.has('gateway:verify')) return notAGateway();
  return { ...actor, permissions };
}

export function notSignedIn(): DomainError {
  return new DomainError(
    'UNAUTHENTICATED',
    'Get a token for a service account at POST /oauth/token and send it as "Authorization: Bearer <token>".',
  );
}

export function notAGateway(): DomainError {
  return new DomainError('FORBIDDEN', 'This needs a service account with the permission gateway:verify.');
}
