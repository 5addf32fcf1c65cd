import { hash, verify } from '@node-rs/argon2';
import type { Secret } from '../secrets/secret.ts';

/** argon2id, the library's default, as OWASP recommends it: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const LONGEST_PASSWORD = 1024;

export function hashPassword(password: Secret): Promise<string> {
  return hash(password.expose(), OPTIONS);
}

/** Takes as long whether there is a hash to compare with or not. */
export async function verifyPassword(passwordHash: string | null, password: Secret): Promise<boolean> {
  const given = password.expose();
  const isSane = given.length <= LONGEST_PASSWORD;
  const matches = await verify(passwordHash ?? (await hashOfNothing), isSane ? given : '', OPTIONS);
  return matches && isSane && passwordHash !== null;
}

const hashOfNothing = hash('', OPTIONS);
