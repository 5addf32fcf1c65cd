import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { credentialsOf, isFromOurOwnPages } from '../http/request-context.ts';
import { clearSessionCookie, setSessionCookie } from '../http/session-cookie.ts';
import { BROWSER_SESSION_LIFETIME_SECONDS, signAccessToken } from './access-token.ts';
import { logOut } from './log-out.service.ts';
import { AUTHENTICATION_FAILED, attemptOf } from './login.route.ts';
import { logIn } from './login.service.ts';

/**
 * `POST /auth/session`: a user name and a password for a cookie that no script can read. `DELETE /auth/session`: the end of
 * the session, by that cookie or by a bearer token. Pages of other sites can do neither in their visitor's name.
 */
export function registerSession(app: FastifyInstance, services: Services): void {
  app.post('/auth/session', async (request, reply) => {
    refuseOtherSites(request);
    refuseForms(request);
    const now = new Date();
    const session = await logIn(services, attemptOf(request, now), BROWSER_SESSION_LIFETIME_SECONDS);
    if (session === null) return reply.code(401).send(AUTHENTICATION_FAILED);
    const token = await signAccessToken(services.signingKeys, session, now, BROWSER_SESSION_LIFETIME_SECONDS);
    setSessionCookie(reply, services.publicUrl, token, BROWSER_SESSION_LIFETIME_SECONDS);
    return reply.code(204).send();
  });

  app.delete('/auth/session', async (request, reply) => {
    refuseOtherSites(request);
    const token = credentialsOf(request)?.token;
    const now = new Date();
    if (token !== undefined) await logOut(services, { token, now, requestId: request.id, ipAddress: request.ip });
    clearSessionCookie(reply, services.publicUrl);
    return reply.code(204).send();
  });
}

/** A browser says where a request comes from; a program that is none says nothing. */
function refuseOtherSites(request: FastifyRequest): void {
  const isBrowser = request.headers['sec-fetch-site'] !== undefined || request.headers.origin !== undefined;
  if (!isBrowser || isFromOurOwnPages(request)) return;
  throw new DomainError('FORBIDDEN', 'Pages of other sites cannot do this. Go to the console.');
}

/** What a form of a page can send without asking first. */
function refuseForms({ headers }: FastifyRequest): void {
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return;
  throw validationFailed('content-type', 'Send the body as application/json.');
}
