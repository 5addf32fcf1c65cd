import { validationFailed } from './errors.ts';
import { parseLine } from './text.ts';

export const LONGEST_ISSUER_URL = 500;
export const LONGEST_AUDIENCE = 200;

/** @throws DomainError `VALIDATION_FAILED` unless it is a URL that may stand in `iss` (RFC 8414, section 2), to the letter */
export function parseIssuer(given: string): string {
  const issuer = given.trim();
  if (isPlainUrl(issuer) && !/[?#]/.test(issuer)) return issuer;
  throw validationFailed('issuer', 'Give the issuer as it stands in its tokens, such as https://login.example.com.');
}

/** What `aud` of its access tokens must hold. @throws DomainError `VALIDATION_FAILED` */
export function parseAudience(given: string): string {
  return parseLine('audience', given, LONGEST_AUDIENCE);
}

/** Of http or https, in visible ASCII, without a user. */
export function isPlainUrl(text: string): boolean {
  if (text.length > LONGEST_ISSUER_URL || !/^https?:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}
