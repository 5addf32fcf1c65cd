import type { RequestContext, Services } from '../context.ts';
import { findDirectoryEntry } from '../directory/directory.repository.ts';
import { type Actor, SYSTEM_ACTOR } from '../identity/actor.ts';
import { newId, type TrustedIssuerId, type TrustedIssuerRef } from '../ids.ts';
import { PublishedKeys } from '../outbound/published-keys.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { admitPerson, isAdmitted, scopeOfPeople } from './admit-person.ts';
import { locateKeys } from './discover-issuer.ts';
import { findExternalMember } from './external-member.repository.ts';
import { personOf } from './external-person.ts';
import { type Announced, readAnnounced, verifyExternalToken } from './external-token.ts';
import { findTrustedIssuer } from './trusted-issuer.repository.ts';
import { issuerKey } from './trusted-issuer.ts';

export type AuthenticateExternal = (token: string, now: Date) => Promise<Actor | null>;

/**
 * @returns a function that tells who stands behind an access token that somebody else issued; null when its issuer is not
 * trusted, cannot be asked for its keys, or speaks of nobody who may come in
 */
export function createAuthenticateExternal(services: Services): AuthenticateExternal {
  const keys = new PublishedKeys(services.outboundFetch, locateKeys, (error) =>
    services.log.warn({ err: error }, 'the keys of a trusted issuer cannot be had'),
  );
  return async (token, now) => {
    const announced = readAnnounced(token);
    const ref = announced === null ? null : await lookUp(services, announced);
    return ref === null ? null : findActor(services, keys, ref, token, now);
  };
}

/** The first of its audiences that somebody trusts it for. */
async function lookUp({ database }: Services, { issuer, audiences }: Announced): Promise<TrustedIssuerRef | null> {
  for (const audience of audiences) {
    const key = issuerKey(issuer, audience);
    const entry = await database.read({ level: 'DIRECTORY', key }, (tx) =>
      findDirectoryEntry(tx, 'TRUSTED_ISSUER', key),
    );
    if (entry === null) continue;
    const { rootProviderId, targetId } = entry;
    return { rootProviderId, trustedIssuerId: targetId as TrustedIssuerId }; // what a key of this kind stands for
  }
  return null;
}

async function findActor(
  services: Services,
  keys: PublishedKeys,
  ref: TrustedIssuerRef,
  token: string,
  now: Date,
): Promise<Actor | null> {
  const { database } = services;
  const scope = { level: 'SIGN_IN', rootProviderId: ref.rootProviderId, signInId: ref.trustedIssuerId } as const;
  const issuer = await database.read(scope, (tx) => findTrustedIssuer(tx, ref));
  if (issuer === null || issuer.disabledAt !== null) return null;
  const { issuer: name, audience } = issuer;
  const keyOf = keys.keyOf.bind(keys, name);
  const claims = await verifyExternalToken(
    token,
    { issuer: name, audience, requiredClaims: ['sub', 'exp'] },
    keyOf,
    now,
  );
  const person = claims === null ? null : personOf(claims, issuer);
  if (person === null) return null;
  const known = await database.read(scope, (tx) => findExternalMember(tx, ref, person.subject));
  if (known !== null && isAdmitted(known, person.mapping)) return actorOf(known);
  const ctx: RequestContext = { ...services, actor: SYSTEM_ACTOR, requestId: newId<'Run'>(), now, ipAddress: null };
  const member = await database.withTransaction(scopeOfPeople(issuer), (tx) => admitPerson(tx, ctx, issuer, person));
  return member === null ? null : actorOf(member);
}
