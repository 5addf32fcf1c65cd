import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { PLATFORM_ROOT_ID } from '../ids.ts';
import { Secret } from '../secrets/secret.ts';
import { readAttempt, type SignInAttempt, writeAttempt } from './sign-in-attempt.ts';

const CONTEXT = 'sign-in-attempt';

/** Sealed with the platform's keys: any process of the installation opens it again, and nobody else. */
export async function sealAttempt({ database, keyRing }: Services, attempt: SignInAttempt): Promise<string> {
  const keys = await database.withTransaction(PLATFORM_SCOPE, (tx) => keyRing.of(tx, PLATFORM_ROOT_ID));
  const { ciphertext, dataKeyVersion } = keys.seal(new Secret(writeAttempt(attempt)), CONTEXT);
  return `${dataKeyVersion}.${ciphertext.toString('base64url')}`;
}

/** Null for whatever was not sealed here within the time that a sign-in may take. */
export async function openAttempt(
  { database, keyRing }: Services,
  sealed: string,
  now: Date,
): Promise<SignInAttempt | null> {
  const [, version, text] = /^(\d{1,9})\.([\w-]{1,4000})$/.exec(sealed) ?? [];
  if (version === undefined || text === undefined) return null;
  const dataKeyVersion = Number(version);
  const keys = await database.withTransaction(PLATFORM_SCOPE, (tx) => keyRing.of(tx, PLATFORM_ROOT_ID, dataKeyVersion));
  try {
    const secret = keys.open({ ciphertext: Buffer.from(text, 'base64url'), dataKeyVersion }, CONTEXT);
    return readAttempt(secret.expose(), now);
  } catch {
    return null; // it was made, changed or moved by somebody else
  }
}
