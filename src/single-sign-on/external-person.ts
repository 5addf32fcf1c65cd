import { parseLine } from '../text.ts';
import { asciiDomain, type RoleMapping, type TrustedIssuer } from './trusted-issuer.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Whom a trusted issuer speaks of, and as what they come in. */
export interface ExternalPerson {
  /** Names them at the issuer, for ever. */
  readonly subject: string;
  readonly username: string;
  readonly displayName: string;
  readonly mapping: RoleMapping;
}

const LONGEST_NAME = 200;
const LONGEST_SUBJECT = 255;

/** Null when these are the claims of nobody who may come in: no role of the mapping, or a mail domain that is not listed. */
export function personOf(
  claims: Claims,
  issuer: Pick<TrustedIssuer, 'roleClaim' | 'roleMapping' | 'domains'>,
): ExternalPerson | null {
  const subject = lineOf(claims.sub, LONGEST_SUBJECT);
  if (subject === null || subject !== claims.sub) return null; // trimmed, it would be somebody else's
  const mapping = mappingOf(issuer.roleMapping, valuesAt(claims, issuer.roleClaim));
  const email = emailOf(claims);
  if (mapping === null || !isOfDomains(email, issuer.domains)) return null;
  const names = [email, claims.preferred_username, subject];
  const username = names.map((name) => lineOf(name, LONGEST_NAME)).find((name) => name !== null) ?? null;
  if (username === null) return null;
  return { subject, username, displayName: lineOf(claims.name, LONGEST_NAME) ?? username, mapping };
}

/** In the order of the mapping, not of the claim: whoever set it up says what counts. */
function mappingOf(mappings: readonly RoleMapping[], values: readonly string[]): RoleMapping | null {
  return mappings.find(({ value }) => values.includes(value)) ?? null;
}

/** @param path the name of a claim, which may have dots of its own, or the way into it, as in `realm_access.roles` */
function valuesAt(claims: Claims, path: string): readonly string[] {
  const found = Object.hasOwn(claims, path) ? claims[path] : valueAt(claims, path.split('.'));
  const values: readonly unknown[] = Array.isArray(found) ? found : [found];
  return values.filter((value) => typeof value === 'string');
}

function valueAt(claims: Claims, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }, claims);
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null when the issuer itself calls it unverified: then it may be anybody's. */
function emailOf({ email, email_verified: isVerified }: Claims): string | null {
  return typeof email === 'string' && isVerified !== false && isVerified !== 'false' ? email : null;
}

function isOfDomains(email: string | null, domains: readonly string[]): boolean {
  if (domains.length === 0) return true;
  const [, domain] = /^[^@\s]+@([^@\s]+)$/.exec(email ?? '') ?? [];
  return domain !== undefined && domains.includes(asciiDomain(domain));
}

/** A claim may hold anything: null for what cannot be written on one line. */
function lineOf(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  try {
    return parseLine('claim', value, longest);
  } catch {
    return null;
  }
}
