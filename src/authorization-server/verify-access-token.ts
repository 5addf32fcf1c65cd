import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Services } from '../context.ts';
import type { Scope } from '../database/scope.ts';
import type { OrganizationRef } from '../ids.ts';
import { LONGEST_EXTERNAL_ID } from '../organization/organization.ts';
import type { OutboundFetch, OutboundRequest } from '../outbound/outbound-fetch.ts';
import { PublishedKeys } from '../outbound/published-keys.ts';
import { verifyExternalToken } from '../single-sign-on/external-token.ts';
import { apiScopesOf } from './api-scope.ts';
import type { VerifiedServer } from './authorization-server.ts';
import type { StandingServer } from './standing-server.repository.ts';

/** A gateway waits: whoever is asked for keys has less time than the decision. */
const KEYS_TIMEOUT_MS = 1_500;

export interface VerifiedToken {
  readonly organization: OrganizationRef;
  /** What it was verified by. A decision by it holds only while that is still so. */
  readonly server: VerifiedServer;
  /** At least one. */
  readonly roles: readonly string[];
}

/**
 * @param organization as the client names it; null: the token alone says for which one it is
 * @param scope whose eyes look for it
 * @returns null for any token that is not one of the organization's enabled server and for that organization, now
 */
export type VerifyServerToken = (
  token: string,
  organization: string | null,
  scope: Scope,
  now: Date,
) => Promise<VerifiedToken | null>;

/** The enabled server of an organization in sight. */
export type FindStandingServer = (
  scope: Scope,
  organization: OrganizationRef | { readonly externalId: string },
) => Promise<StandingServer | null>;

/** @param refOf reads the id of an organization; null for every other text */
export function createVerifyServerToken(
  { outboundFetch, log }: Pick<Services, 'outboundFetch' | 'log'>,
  refOf: (text: string) => OrganizationRef | null,
  findServer: FindStandingServer,
): VerifyServerToken {
  const keys = new PublishedKeys(
    withTimeLimit(outboundFetch),
    async (_, jwksUrl) => jwksUrl,
    (error) => log.warn({ err: error }, 'the keys of an authorization server cannot be had'),
  );
  const find = async (scope: Scope, name: string): Promise<StandingServer | null> => {
    const ref = refOf(name);
    if (ref !== null) return findServer(scope, ref);
    return isName(name) ? findServer(scope, { externalId: name }) : null;
  };
  return async (token, organization, scope, now) => {
    const [only = null, ...others] = announcedOrganizations(token);
    if (only === null) return null;
    const name = organization ?? (others.length > 0 ? null : only);
    const server = name === null ? null : await find(scope, name);
    if (server === null) return null;
    const expected = { issuer: server.issuer, audience: server.audience, requiredClaims: ['exp'] };
    const claims = await verifyExternalToken(token, expected, keys.keyOf.bind(keys, server.jwksUrl), now);
    const roles = claims === null ? [] : rolesAt(server, claims, refOf);
    return roles.length === 0 ? null : toVerified(server, roles);
  };
}

/**
 * What the token says of itself, which is good for nothing but to look up whom to ask; none for what is no JWT. Anybody can
 * send anything here: nobody is asked about what could not be right.
 */
function announcedOrganizations(token: string): ReadonlySet<string> {
  try {
    decodeProtectedHeader(token);
    return new Set(apiScopesOf(decodeJwt(token)).map(({ organization }) => organization));
  } catch {
    return new Set();
  }
}

function rolesAt(
  { rootProviderId, organizationId, externalId }: StandingServer,
  claims: Readonly<Record<string, unknown>>,
  refOf: (text: string) => OrganizationRef | null,
): string[] {
  const isNamed = (name: string) => {
    const ref = refOf(name);
    if (ref === null) return name === externalId;
    return ref.rootProviderId === rootProviderId && ref.organizationId === organizationId;
  };
  const scopes = apiScopesOf(claims).filter(({ organization }) => isNamed(organization));
  return [...new Set(scopes.map(({ role }) => role))];
}

function toVerified(server: StandingServer, roles: readonly string[]): VerifiedToken {
  const { rootProviderId, organizationId, id: authorizationServerId, version } = server;
  return {
    organization: { rootProviderId, organizationId },
    server: { rootProviderId, authorizationServerId, version },
    roles,
  };
}

/** Nothing that a database would not take. */
function isName(text: string): boolean {
  return text.length <= LONGEST_EXTERNAL_ID && text.isWellFormed() && !text.includes('\0');
}

function withTimeLimit(outboundFetch: OutboundFetch): OutboundFetch {
  const limited = (url: string | URL, request: OutboundRequest = {}) => {
    const limit = AbortSignal.timeout(KEYS_TIMEOUT_MS);
    const signal = request.signal == null ? limit : AbortSignal.any([limit, request.signal]);
    return outboundFetch(url, { ...request, signal });
  };
  return Object.assign(limited, { refusalOf: outboundFetch.refusalOf });
}
