import { z } from 'zod';

/** Why a document is no set of keys that tokens can be verified with. */
export type KeySetFailure = 'UNREADABLE' | 'NO_KEYS' | 'PRIVATE_KEYS';

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), use: z.string().optional() })).max(100) });

const PUBLIC_KEY_TYPES: ReadonlySet<string> = new Set(['RSA', 'EC', 'OKP']);

/** What stands against taking a document for the keys of an authorization server (RFC 7517); null when nothing does. */
export function keySetFailure(document: unknown): KeySetFailure | null {
  const { data } = keySet.safeParse(document);
  if (data === undefined) return 'UNREADABLE';
  // `d` is the private part of a key pair, `k` the whole of a shared secret: whoever can read them signs as the server.
  if (data.keys.some((key) => 'd' in key || 'k' in key)) return 'PRIVATE_KEYS';
  const isUsable = data.keys.some(({ kty, use = 'sig' }) => PUBLIC_KEY_TYPES.has(kty) && use === 'sig');
  return isUsable ? null : 'NO_KEYS';
}
