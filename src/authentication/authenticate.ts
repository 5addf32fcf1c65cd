import { LRUCache } from 'lru-cache';
import { createRefusedReads, type RecordRefusedReads } from '../audit/refused-reads.ts';
import type { Services } from '../context.ts';
import { delegatedActor } from '../delegation/delegated-actor.ts';
import { findDelegation } from '../delegation/delegation.repository.ts';
import { DomainError } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import type { DelegationRef } from '../ids.ts';
import { findServiceAccountBySecret } from '../service-account/service-account.repository.ts';
import { actorOfServiceAccount } from '../service-account/service-account-actor.ts';
import { type AuthenticateExternal, createAuthenticateExternal } from '../single-sign-on/authenticate-external.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { findMemberOfSession } from '../staff/staff-session.repository.ts';
import { type AccessTokenClaims, claimsToBeOurs, verifyAccessToken } from './access-token.ts';

/** A deactivation, a new role or a new password ends a person's token within a second: for half of one it is believed. */
const BELIEVED_FOR_MS = 500;
const MOST_TOKENS = 10_000;

/** What a request shows to say who sends it. */
export interface Credentials {
  readonly token: string;
  /** The delegation under which it wants to act; `'UNKNOWN'`: an id that names none. */
  readonly delegation: DelegationRef | 'UNKNOWN' | null;
  readonly requestId: string;
  readonly ipAddress: string;
}

/** @throws DomainError `FORBIDDEN` when they hold, but not the delegation: that is written into the trail of whoever asks */
export type Authenticate = (credentials: Credentials, now: Date) => Promise<Actor | null>;

/** Whom a token stands for: a person, or a service account, about which every request asks anew. */
type Identity = { readonly kind: 'PERSON'; readonly actor: Actor } | ClaimsOf<'SERVICE_ACCOUNT'>;
type ClaimsOf<Kind extends AccessTokenClaims['kind']> = Extract<AccessTokenClaims, { kind: Kind }>;

/** @returns a function that tells who stands behind the credentials; null when they hold for nobody */
export function createAuthenticate(services: Services): Authenticate {
  const believed = new LRUCache<string, Promise<Identity | null>>({ max: MOST_TOKENS, ttl: BELIEVED_FOR_MS });
  const external = createAuthenticateExternal(services);
  const recordRefused = createRefusedReads();
  const identify = (token: string, now: Date): Promise<Identity | null> => {
    const known = believed.get(token);
    if (known !== undefined) return known;
    const identity = findIdentity(services, external, token, now);
    believed.set(token, identity);
    const forget = () => believed.delete(token);
    identity.then((found) => found ?? forget(), forget);
    return identity;
  };
  const findActor = async (token: string, now: Date): Promise<Actor | null> => {
    const identity = await identify(token, now);
    return identity?.kind === 'SERVICE_ACCOUNT'
      ? findServiceAccountActor(services, identity)
      : (identity?.actor ?? null);
  };
  return async (credentials, now) => {
    const actor = await findActor(credentials.token, now);
    return actor === null ? null : actUnder(services, recordRefused, actor, credentials, now);
  };
}

async function findIdentity(
  services: Services,
  external: AuthenticateExternal,
  token: string,
  now: Date,
): Promise<Identity | null> {
  if (!claimsToBeOurs(token)) return person(await external(token, now));
  const claims = await verifyAccessToken(services.signingKeys, token, now);
  if (claims?.kind !== 'STAFF_MEMBER') return claims;
  return person(await findStaffActor(services, claims, now));
}

function person(actor: Actor | null): Identity | null {
  return actor === null ? null : { kind: 'PERSON', actor };
}

async function findStaffActor(
  { database }: Services,
  claims: ClaimsOf<'STAFF_MEMBER'>,
  now: Date,
): Promise<Actor | null> {
  const { rootProviderId, staffMemberId, sessionId, sessionEpoch } = claims;
  const member = await database.read({ level: 'SIGN_IN', rootProviderId, signInId: staffMemberId }, (tx) =>
    findMemberOfSession(tx, { rootProviderId, id: sessionId, staffMemberId }, now),
  );
  if (member === null || member.deactivatedAt !== null || member.sessionEpoch !== sessionEpoch) return null;
  return actorOf(member);
}

async function findServiceAccountActor(
  { database }: Services,
  { rootProviderId, serviceAccountId, secretId, permissions }: ClaimsOf<'SERVICE_ACCOUNT'>,
): Promise<Actor | null> {
  const account = await database.read({ level: 'SIGN_IN', rootProviderId, signInId: serviceAccountId }, (tx) =>
    findServiceAccountBySecret(tx, { rootProviderId, serviceAccountId, secretId }),
  );
  return account === null || account.revokedAt !== null ? null : actorOfServiceAccount(account, permissions);
}

/** Asked anew at every request: either side ends a delegation at once. Whatever is wrong with it, the answer is the same. */
async function actUnder(
  services: Services,
  recordRefused: RecordRefusedReads,
  actor: Actor,
  { delegation: ref, requestId, ipAddress }: Credentials,
  now: Date,
): Promise<Actor> {
  const { database } = services;
  if (ref === null) return actor;
  const delegation = ref === 'UNKNOWN' ? null : await database.read(actor.scope, (tx) => findDelegation(tx, ref));
  const acting = delegation === null ? null : delegatedActor(actor, delegation, now);
  if (acting !== null) return acting;
  const target = ref === 'UNKNOWN' ? null : ref.delegationId;
  await recordRefused({ ...services, actor, requestId, now, ipAddress }, ['x-keyward-delegation'], target);
  throw new DomainError(
    'FORBIDDEN',
    'This delegation does not hold, or not any more. Leave out x-keyward-delegation, or name one that is ACTIVE.',
  );
}
