import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../secrets/secret.ts';

const PREFIX = 'kws_';
const RANDOM_BYTES = 32;

/** A new one; its prefix is for whoever scans files for secrets. */
export function generateClientSecret(): Secret {
  return new Secret(PREFIX + randomBytes(RANDOM_BYTES).toString('base64url'));
}

/** What is kept of it. Its 256 random bits need no slow hash: there is nothing to guess. */
export function hashClientSecret(secret: Secret): Buffer {
  return createHash('sha256').update(secret.expose()).digest();
}

/** The kept one that the given secret is; null when it is none. Takes as long for every secret, also with none kept. */
export function findMatch<Kept extends { readonly hash: Buffer }>(kept: readonly Kept[], given: Secret): Kept | null {
  const hash = hashClientSecret(given);
  const matches = kept.filter((one) => timingSafeEqual(one.hash, hash));
  return matches[0] ?? null;
}
