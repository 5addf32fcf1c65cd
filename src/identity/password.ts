import { createHash, randomInt } from 'node:crypto';
import { hash, hashRaw, verify } from '@node-rs/argon2';
import { Secret } from '../secrets/secret.ts';
import { LONGEST_PASSWORD } from './password-policy.ts';

/** argon2id, the library's default, as OWASP recommends it: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: Secret): Promise<string> {
  return hash(password.expose(), OPTIONS);
}

/** Takes as long whether there is a hash to compare with or not. */
export async function verifyPassword(passwordHash: string | null, password: Secret): Promise<boolean> {
  const given = password.expose();
  const isSane = given.length <= 2 * LONGEST_PASSWORD; // UTF-16 code units
  const matches = await verify(passwordHash ?? (await hashOfNothing), isSane ? given : '', OPTIONS);
  return matches && isSane && passwordHash !== null;
}

const hashOfNothing = hash('', OPTIONS);

/**
 * The same for the same password and context, and as slow to guess from as a hash: what a command is told apart by from
 * another one with another password. Null of null.
 */
export async function digestPassword(password: Secret | null, context: string): Promise<string | null> {
  if (password === null) return null;
  const salt = createHash('sha256').update(context).digest().subarray(0, 16);
  return (await hashRaw(password.expose(), { ...OPTIONS, salt })).toString('base64url');
}

/** Without `0 O o 1 I l`, which look alike. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
const GENERATED_LENGTH = 20;

/** About 116 bits from the system's CSPRNG. */
export function generatePassword(): Secret {
  const characters = Array.from({ length: GENERATED_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return new Secret(characters.join(''));
}
