import { domainToASCII } from 'node:url';
import type { AuditState } from '../audit/audit-event.ts';
import { validationFailed } from '../errors.ts';
import type { Place } from '../identity/actor.ts';
import type { Role } from '../identity/permissions.ts';
import type { CustomRoleId, TrustedIssuerId } from '../ids.ts';
import type { Sealed } from '../secrets/tenant-keys.ts';
import { parseLine } from '../text.ts';

/** Whoever has this value in the issuer's role claim has this role here. */
export type RoleMapping = { readonly value: string } & (
  | { readonly role: Role; readonly customRoleId: null }
  | { readonly role: null; readonly customRoleId: CustomRoleId }
);

/** What may change of it. */
export interface IssuerSettings {
  readonly name: string;
  /** For signing in by browser; null: only its access tokens are taken. */
  readonly clientId: string | null;
  /** Sealed for `secretContext`; null for a public client. */
  readonly clientSecret: Sealed | null;
  /** The name of a claim, or a path of names with dots between. */
  readonly roleClaim: string;
  /** The first that matches counts. */
  readonly roleMapping: readonly RoleMapping[];
  /** Mail domains of the people that it may speak for; empty: any. */
  readonly domains: readonly string[];
  readonly disabledAt: Date | null;
}

/** An OpenID provider whose word on who somebody is counts, for the staff of one provider or of the platform. */
export interface TrustedIssuer extends Place, IssuerSettings {
  readonly id: TrustedIssuerId;
  readonly organizationId: null;
  /** As it calls itself, to the letter. */
  readonly issuer: string;
  /** What `aud` of its access tokens must hold. */
  readonly audience: string;
  readonly createdAt: Date;
}

const LONGEST_NAME = 200;
const LONGEST_SECRET = 1000;
const MOST_MAPPINGS = 100;
const MOST_DOMAINS = 100;

/** Under which the directory finds it: a URL has no blank, so that no other pair has the same key. */
export function issuerKey(issuer: string, audience: string): string {
  return `${issuer} ${audience}`;
}

/** A sealed secret opens for the issuer that it was given to, and for no other. */
export function secretContext(id: TrustedIssuerId): string {
  return `trusted-issuer|${id}`;
}

export function parseName(given: string): string {
  return parseLine('name', given, LONGEST_NAME);
}

export function parseClientId(given: string): string {
  return parseLine('clientId', given, LONGEST_NAME);
}

/** @throws DomainError `VALIDATION_FAILED`, without a word of what was given */
export function checkClientSecret(given: string, clientId: string | null): void {
  if (clientId === null) throw validationFailed('clientSecret', 'A client secret needs a clientId. Give both.');
  if (!/^[\x20-\x7e]+$/.test(given) || given.length > LONGEST_SECRET) {
    throw validationFailed('clientSecret', `Give 1 to ${LONGEST_SECRET} printable ASCII characters.`);
  }
}

export function parseRoleClaim(given: string): string {
  return parseLine('roleClaim', given, LONGEST_NAME);
}

/** The values of a mapping. @throws DomainError `VALIDATION_FAILED` */
export function parseRoleValues(given: readonly string[]): readonly string[] {
  if (given.length === 0 || given.length > MOST_MAPPINGS) {
    throw validationFailed('roleMapping', `Give 1 to ${MOST_MAPPINGS} mappings: nobody without a role gets in.`);
  }
  return given.map((value) => parseLine('roleMapping', value, LONGEST_NAME));
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseDomains(given: readonly string[]): readonly string[] {
  if (given.length > MOST_DOMAINS) throw validationFailed('domains', `Give at most ${MOST_DOMAINS} domains.`);
  return [...new Set(given.map(parseDomain))];
}

function parseDomain(given: string): string {
  const domain = asciiDomain(given.trim());
  if (/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(domain)) return domain;
  throw validationFailed('domains', 'Give mail domains without an @, such as example.com.');
}

/** The one form in which domains are compared; empty when it is none. */
export function asciiDomain(domain: string): string {
  return domainToASCII(domain).toLowerCase();
}

/** What of a change decides who gets in, and as what. */
export function changesAccess(before: IssuerSettings, after: IssuerSettings): boolean {
  const accessOf = ({ name: _, clientSecret, ...rest }: IssuerSettings) =>
    JSON.stringify([rest.clientId, rest.roleClaim, rest.roleMapping, rest.domains, rest.disabledAt !== null]) +
    (clientSecret?.ciphertext.toString('hex') ?? '');
  return accessOf(before) !== accessOf(after);
}

export function auditStateOf(issuer: TrustedIssuer): AuditState {
  return {
    name: issuer.name,
    issuer: issuer.issuer,
    audience: issuer.audience,
    clientId: issuer.clientId,
    hasClientSecret: issuer.clientSecret !== null,
    roleClaim: issuer.roleClaim,
    roleMapping: issuer.roleMapping.map(({ value, role, customRoleId }) => `${value}: ${role ?? customRoleId}`),
    domains: issuer.domains,
    isEnabled: issuer.disabledAt === null,
  };
}
