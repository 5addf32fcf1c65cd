import { randomInt } from 'node:crypto';
import { DomainError } from '../errors.ts';
import { Secret } from '../secrets/secret.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 12;
const FORMAT = /^[A-Za-z0-9]{12}$/;

/** A well-formed key string (DOMAIN.md, "Words"): exactly 12 characters of `A-Z a-z 0-9`. */
export class KeyString extends Secret {
  private readonly brand = 'KeyString';

  private constructor(text: string) {
    super(text);
  }

  /** Null when the text is not a key string. */
  static parse(text: string): KeyString | null {
    return FORMAT.test(text) ? new KeyString(text) : null;
  }

  /** From the system's CSPRNG, uniform over 62^12: `randomInt` rejects instead of taking a remainder. */
  static generate(): KeyString {
    let text = '';
    for (let index = 0; index < LENGTH; index++) text += ALPHABET[randomInt(ALPHABET.length)];
    return new KeyString(text);
  }

  get lastFour(): string {
    return this.expose().slice(-4);
  }
}

/** @throws DomainError `INVALID_KEY_FORMAT` */
export function parseNewKey(newKey: string): KeyString {
  const keyString = KeyString.parse(newKey);
  if (keyString === null) throw malformedKey();
  return keyString;
}

export function malformedKey(): DomainError {
  return new DomainError('INVALID_KEY_FORMAT', 'A key is exactly 12 characters of A-Z, a-z and 0-9.', ['newKey']);
}

const WITHIN_TEXT = /(?<![\w-])[A-Za-z0-9]{12}(?![\w-])/g;

/** What is written down of a text that somebody typed: every word of it that may be a key string is masked. */
export function withoutKeys(text: string): string {
  return maskKeys(text, () => true);
}

/** The same, of those of its words that are known to be key strings. */
export function maskKeys(text: string, isKey: (word: KeyString) => boolean): string {
  return text.replaceAll(WITHIN_TEXT, (word) => {
    const keyString = KeyString.parse(word);
    return keyString !== null && isKey(keyString) ? maskKey(keyString.lastFour) : word;
  });
}

/** The words of a text that may be key strings. */
export function keyStringsIn(text: string): KeyString[] {
  return (text.match(WITHIN_TEXT) ?? []).flatMap((word) => KeyString.parse(word) ?? []);
}

/** Eight bullets and the last four characters (CONTRACT.graphql, `ApiKey.maskedKey`). */
export function maskKey(lastFour: string): string {
  return `••••••••${lastFour}`;
}
