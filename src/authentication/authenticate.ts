import { LRUCache } from 'lru-cache';
import type { Services } from '../context.ts';
import type { Actor } from '../identity/actor.ts';
import type { DelegationRef } from '../ids.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { findMemberOfSession } from '../staff/staff-session.repository.ts';
import { type AccessTokenClaims, claimsToBeOurs, verifyAccessToken } from './access-token.ts';

/** A deactivation, a new role or a new password ends a token within a second: for half of one it is believed unasked. */
const BELIEVED_FOR_MS = 500;
const MOST_TOKENS = 10_000;

/** What a request shows to say who sends it. */
export interface Credentials {
  readonly token: string;
  /** The delegation under which it wants to act. */
  readonly delegation: DelegationRef | null;
}

export type Authenticate = (credentials: Credentials, now: Date) => Promise<Actor | null>;

/** @returns a function that tells who stands behind the credentials; null when they hold for nobody */
export function createAuthenticate(services: Services): Authenticate {
  const believed = new LRUCache<string, Promise<Actor | null>>({ max: MOST_TOKENS, ttl: BELIEVED_FOR_MS });
  return ({ token }, now) => {
    const known = believed.get(token);
    if (known !== undefined) return known;
    const actor = findActor(services, token, now);
    believed.set(token, actor);
    actor.catch(() => believed.delete(token));
    return actor;
  };
}

async function findActor(services: Services, token: string, now: Date): Promise<Actor | null> {
  if (!claimsToBeOurs(token)) return null;
  const claims = await verifyAccessToken(services.signingKeys, token, now);
  return claims?.kind === 'STAFF_MEMBER' ? findStaffActor(services, claims, now) : null;
}

async function findStaffActor(
  { database }: Services,
  claims: Extract<AccessTokenClaims, { kind: 'STAFF_MEMBER' }>,
  now: Date,
): Promise<Actor | null> {
  const { rootProviderId, staffMemberId, sessionId, sessionEpoch } = claims;
  const member = await database.read({ level: 'SIGN_IN', rootProviderId, signInId: staffMemberId }, (tx) =>
    findMemberOfSession(tx, { rootProviderId, id: sessionId, staffMemberId }, now),
  );
  if (member === null || member.deactivatedAt !== null || member.sessionEpoch !== sessionEpoch) return null;
  return actorOf(member);
}
