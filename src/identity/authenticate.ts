import { LRUCache } from 'lru-cache';
import type { Database } from '../database/database.ts';
import { verifyAccessToken } from './access-token.ts';
import type { Actor } from './actor.ts';
import type { SigningKeys } from './signing-keys.ts';
import { actorOf } from './staff-actor.ts';
import { findStaffMember } from './staff-member.repository.ts';

/** A deactivation, a new role or a new password ends a token within a second: for half of one it is believed unasked. */
const BELIEVED_FOR_MS = 500;
const MOST_TOKENS = 10_000;

export type Authenticate = (token: string, now: Date) => Promise<Actor | null>;

/** @returns a function that tells who a bearer token stands for; null when it holds for nobody */
export function createAuthenticate(database: Database, signingKeys: SigningKeys): Authenticate {
  const believed = new LRUCache<string, Promise<Actor | null>>({ max: MOST_TOKENS, ttl: BELIEVED_FOR_MS });
  return (token, now) => {
    const known = believed.get(token);
    if (known !== undefined) return known;
    const actor = findActor(database, signingKeys, token, now);
    believed.set(token, actor);
    actor.catch(() => believed.delete(token));
    return actor;
  };
}

async function findActor(database: Database, keys: SigningKeys, token: string, now: Date): Promise<Actor | null> {
  const claims = await verifyAccessToken(keys, token, now);
  if (claims === null) return null;
  const { rootProviderId, staffMemberId, sessionEpoch } = claims;
  const member = await database.read({ level: 'SELF', rootProviderId, staffMemberId }, (tx) =>
    findStaffMember(tx, rootProviderId, staffMemberId),
  );
  if (member === null || member.deactivatedAt !== null || member.sessionEpoch !== sessionEpoch) return null;
  return actorOf(member);
}
