import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import { verifyAccessToken } from '../authentication/access-token.ts';
import type { SigningKeys } from '../authentication/signing-keys.ts';
import type { Database } from '../database/database.ts';
import { findServiceAccountBySecret } from '../service-account/service-account.repository.ts';
import { actorOfServiceAccount } from '../service-account/service-account-actor.ts';
import { type KnownGateway, notAGateway, notSignedIn } from './gateway-request.ts';

const MOST_TOKENS = 1000;

interface Verified {
  readonly gateway: KnownGateway;
  readonly expiresAtMs: number;
}

/** @throws DomainError `UNAUTHENTICATED`, `FORBIDDEN` */
export type KnowGateway = (token: string | null, now: Date) => Promise<KnownGateway>;

/**
 * Tells who sends a token. What it says never changes, nor does the place of a service account, so that each is looked at
 * once; whether the account may still act is not said here.
 */
export function createKnowGateway({
  database,
  signingKeys,
}: {
  readonly database: Database;
  readonly signingKeys: SigningKeys;
}): KnowGateway {
  const verified = new LRUCache<string, Promise<Verified>>({ max: MOST_TOKENS });

  const verify = async (token: string, now: Date): Promise<Verified> => {
    const claims = await verifyAccessToken(signingKeys, token, now);
    if (claims === null) throw notSignedIn();
    if (claims.kind !== 'SERVICE_ACCOUNT' || !claims.permissions.includes('gateway:verify')) throw notAGateway();
    const { rootProviderId, serviceAccountId, secretId, permissions: granted } = claims;
    const ref = { rootProviderId, serviceAccountId, secretId };
    const account = await database.read({ level: 'SIGN_IN', rootProviderId, signInId: serviceAccountId }, (tx) =>
      findServiceAccountBySecret(tx, ref),
    );
    if (account === null || account.revokedAt !== null) throw notSignedIn();
    const actor = { ...actorOfServiceAccount(account), permissions: new Set<never>() };
    return {
      gateway: { ref, actor, scope: actor.scope, line: JSON.stringify(actor.scope), granted },
      expiresAtMs: (decodeJwt(token).exp ?? 0) * 1000,
    };
  };

  return async (token, now) => {
    if (token === null) throw notSignedIn();
    let known = verified.get(token);
    if (known === undefined) {
      known = verify(token, now);
      verified.set(token, known);
      known.catch(() => verified.delete(token));
    }
    const { gateway, expiresAtMs } = await known;
    if (expiresAtMs > now.getTime()) return gateway;
    verified.delete(token);
    throw notSignedIn();
  };
}
