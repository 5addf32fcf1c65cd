import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secrets/secret.ts';

const DIGITS = 6;
/** How far the second half of the picks is moved along the key string. */
const SHIFT = 2;
/** Compared with where there is no key string, so that it takes the same work. Nothing that is equal to it counts. */
const NO_KEY_STRING = '0'.repeat(12);

/**
 * What clients send instead of the key string: twelve of its characters, picked by the last six digits of the time and by
 * half of the number that those digits make.
 * @param timestampMs epoch milliseconds
 */
export function obfuscate(keyString: string, timestampMs: number): string {
  const digits = String(timestampMs).slice(-DIGITS).padStart(DIGITS, '0');
  const half = String(Number(digits) >> 1).padStart(DIGITS, '0');
  return pick(keyString, digits, 0) + pick(keyString, half, SHIFT);
}

function pick(keyString: string, digits: string, shift: number): string {
  return [...digits].map((digit) => keyString.charAt(Number(digit) + shift)).join('');
}

/** Whether it was made of this key string at that time. Takes as long for every guess, also without a key string. */
export function provesKeyString(given: Secret, keyString: Secret | null, timestampMs: number): boolean {
  const expected = obfuscate(keyString?.expose() ?? NO_KEY_STRING, timestampMs);
  return timingSafeEqual(digest(expected), digest(given.expose())) && keyString !== null;
}

/** Of the same length for a guess of any length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
