import { randomInt } from 'node:crypto';
import { Secret } from '../secrets/secret.ts';

/** Without `0 O o 1 I l`, which look alike. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 20;

/** About 116 bits from the system's CSPRNG. */
export function generatePassword(): Secret {
  return new Secret(Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''));
}
