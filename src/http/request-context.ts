import type { FastifyRequest } from 'fastify';
import type { Authenticate, Credentials } from '../authentication/authenticate.ts';
import type { RequestContext, Services } from '../context.ts';
import { DomainError } from '../errors.ts';
import { decodeDelegationId } from '../graphql/global-id.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

/** Under which delegation a request acts: a global id. */
const DELEGATION_HEADER = 'x-keyward-delegation';

/** Who asks, by bearer token or by the console's cookie. @throws DomainError `UNAUTHENTICATED` */
export async function createRequestContext(
  request: FastifyRequest,
  services: Services,
  authenticate: Authenticate,
): Promise<RequestContext> {
  const now = new Date();
  const credentials = credentialsOf(request);
  const actor = credentials === null ? null : await authenticate(credentials, now);
  if (actor === null) {
    throw new DomainError(
      'UNAUTHENTICATED',
      'Sign in at POST /auth/login and send the token as "Authorization: Bearer <token>".',
    );
  }
  return { ...services, actor, requestId: request.id, now, ipAddress: request.ip };
}

/** What it shows to say who sends it; a cookie counts only when one of our own pages sent it. */
export function credentialsOf(request: FastifyRequest): Credentials | null {
  const token = bearerToken(request) ?? cookieToken(request);
  if (token === null) return null;
  const header = request.headers[DELEGATION_HEADER];
  const from = { requestId: request.id, ipAddress: request.ip };
  if (header === undefined) return { token, delegation: null, ...from };
  const delegation = typeof header === 'string' ? decodeDelegationId(header) : null;
  return { token, delegation: delegation ?? 'UNKNOWN', ...from };
}

/** Also when it is no token at all: a cookie does not stand in for a header that is wrong. */
function bearerToken({ headers }: FastifyRequest): string | null {
  if (headers.authorization === undefined) return null;
  return /^Bearer ([\w.-]+)$/i.exec(headers.authorization)?.[1] ?? '';
}

/** A browser sends the cookie along with whatever page made it ask: it counts only when that page is our own. */
function cookieToken(request: FastifyRequest): string | null {
  return isFromOurOwnPages(request) ? (request.cookies[SESSION_COOKIE] ?? null) : null;
}

/** As a browser says. */
export function isFromOurOwnPages({ headers, protocol, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === `${protocol}://${host}`;
}
