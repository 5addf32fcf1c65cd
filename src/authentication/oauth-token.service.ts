import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { RateLimitedError } from '../errors.ts';
import { knownPermissions } from '../identity/permissions.ts';
import { NIL_ID, PLATFORM_ROOT_ID } from '../ids.ts';
import { decodeClientId } from '../service-account/client-id.ts';
import { findMatch } from '../service-account/client-secret.ts';
import { findServiceAccount, writeLastUse } from '../service-account/service-account.repository.ts';
import type { ServiceAccount } from '../service-account/service-account.ts';
import { actorOfServiceAccount } from '../service-account/service-account-actor.ts';
import {
  listSecretHashes,
  type SecretHash,
  writeLastUseOfSecret,
} from '../service-account/service-account-secret.repository.ts';
import type { AccessTokenClaims } from './access-token.ts';
import { OauthError, type TokenRequest } from './oauth-token.ts';
import { stranger } from './stranger.ts';

export interface TokenAttempt extends TokenRequest {
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
  /** Whether even the right secret is refused after too many failures. */
  readonly isLockedOutWithAll: boolean;
}

type ServiceAccountClaims = Extract<AccessTokenClaims, { kind: 'SERVICE_ACCOUNT' }>;

/** What an attempt comes to, as the audit trail has it; `FORBIDDEN`: a scope beyond the account's permissions. */
type Outcome = { readonly result: 'AUTHENTICATION_FAILED' | 'FORBIDDEN' | 'RATE_LIMITED' } | Granted;
interface Granted {
  readonly result: 'OK';
  readonly secret: SecretHash;
  readonly claims: ServiceAccountClaims;
}

/** Looked up for a client id that is none, so that it takes as long as any other. */
const NOBODY = { rootProviderId: PLATFORM_ROOT_ID, serviceAccountId: NIL_ID };

/**
 * What the token of this client is to say. An unknown client, a wrong secret and a revoked account take the same work and
 * are told apart by nobody; each attempt is one audit row.
 * @throws OauthError `invalid_client`, `invalid_scope`
 * @throws RateLimitedError after too many failures
 */
export async function grantToken(services: Services, attempt: TokenAttempt): Promise<ServiceAccountClaims> {
  const proved = attempt.isLockedOutWithAll ? null : await proveAtOnce(services, attempt);
  if (proved !== null) return proved;
  const names = { login: `service-account:${attempt.clientId}`, address: attempt.ipAddress };
  try {
    const outcome = await services.signInLimit.attempt(names, async () => {
      const { account, hashes } = await findClient(services, attempt);
      const decided = decide(account, findMatch(hashes, attempt.clientSecret), attempt);
      await recordAttempt(services, attempt, account, decided);
      return decided.result === 'AUTHENTICATION_FAILED' ? null : decided;
    });
    if (outcome?.result === 'OK') return outcome.claims;
    throw outcome === null ? unknownClient() : beyondAccount();
  } catch (error) {
    if (error instanceof RateLimitedError && (await services.signInLimit.isWorthRecording(names))) {
      const { account } = await findClient(services, attempt);
      await recordAttempt(services, attempt, account, { result: 'RATE_LIMITED' });
    }
    throw error;
  }
}

/** Nobody guesses a secret of 256 bits: whoever has it may be let in whatever others have tried from the same address. */
async function proveAtOnce(services: Services, attempt: TokenAttempt): Promise<ServiceAccountClaims | null> {
  const { account, hashes } = await findClient(services, attempt);
  const decided = decide(account, findMatch(hashes, attempt.clientSecret), attempt);
  if (decided.result !== 'OK') return null;
  await recordAttempt(services, attempt, account, decided);
  return decided.claims;
}

async function findClient({ database }: Services, { clientId }: TokenAttempt) {
  const ref = decodeClientId(clientId) ?? NOBODY;
  const scope = { level: 'SIGN_IN', rootProviderId: ref.rootProviderId, signInId: ref.serviceAccountId } as const;
  const [account, hashes] = await database.read(scope, (tx) =>
    Promise.all([findServiceAccount(tx, ref), listSecretHashes(tx, ref)]),
  );
  return { account, hashes };
}

function decide(account: ServiceAccount | null, secret: SecretHash | null, { scope }: TokenAttempt): Outcome {
  if (account === null || secret === null || account.revokedAt !== null) return { result: 'AUTHENTICATION_FAILED' };
  const held = knownPermissions(account.permissions);
  const granted = scope === null ? held : knownPermissions(scope);
  const isAskedRightly = scope === null || (granted.size > 0 && granted.size === new Set(scope).size);
  if (!isAskedRightly || !granted.isSubsetOf(held)) return { result: 'FORBIDDEN' };
  const claims = {
    kind: 'SERVICE_ACCOUNT',
    rootProviderId: account.rootProviderId,
    serviceAccountId: account.id,
    secretId: secret.id,
    permissions: [...granted],
  } as const;
  return { result: 'OK', secret, claims };
}

async function recordAttempt(
  services: Services,
  { now, requestId, ipAddress }: TokenAttempt,
  account: ServiceAccount | null,
  outcome: Outcome,
): Promise<void> {
  const actor = account === null ? stranger : actorOfServiceAccount(account);
  const ctx: RequestContext = { ...services, actor, requestId, now, ipAddress };
  await services.database.withTransaction(actor.scope, async (tx) => {
    await recordAudit(tx, ctx, {
      action: 'auth.token',
      subject: actor.home,
      target: account?.id ?? null,
      result: outcome.result,
      before: null,
      after: outcome.result === 'OK' ? { secretId: outcome.secret.id, scope: outcome.claims.permissions } : null,
      note: null,
    });
    if (account === null || outcome.result !== 'OK') return;
    const { rootProviderId } = account;
    await writeLastUse(tx, account, { at: now, address: ipAddress });
    await writeLastUseOfSecret(tx, { rootProviderId, secretId: outcome.secret.id }, now);
  });
}

function unknownClient(): OauthError {
  return new OauthError('invalid_client', 'No service account with this id and secret has access.');
}

function beyondAccount(): OauthError {
  return new OauthError(
    'invalid_scope',
    'Ask for permissions that the service account has, or leave scope out for all.',
  );
}
