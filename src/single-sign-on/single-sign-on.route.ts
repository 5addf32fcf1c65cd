import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BROWSER_SESSION_LIFETIME_SECONDS, signAccessToken } from '../authentication/access-token.ts';
import type { Services } from '../context.ts';
import { decodeTrustedIssuerId } from '../graphql/global-id.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { BrowserSignIn } from './browser-sign-in.service.ts';
import { ATTEMPT_LIFETIME_SECONDS } from './sign-in-attempt.ts';
import { CALLBACK_PATH, START_PATH } from './sign-in-url.ts';

const COOKIE = 'keyward_sign_in';

/** Says nothing of why: the same for an id that names nothing, a wrong answer of the issuer, and a refused person. */
const FAILED = '/?sign-in=failed';

/**
 * `GET /auth/sso/:trustedIssuerId` leaves for the issuer; `GET /auth/sso/callback` comes back from there and begins a
 * session, by cookie. Only the browser that left can come back.
 */
export function registerSingleSignOn(app: FastifyInstance, services: Services): void {
  const signIn = new BrowserSignIn(services);
  // Comes along when another site's page leads here, as the issuer's does.
  const cookie = {
    path: '/auth/sso',
    httpOnly: true,
    sameSite: 'lax',
    secure: services.publicUrl.startsWith('https:'),
  } as const;

  app.get(CALLBACK_PATH, async (request, reply) => {
    const now = new Date();
    const search = new URL(request.url, services.publicUrl).search;
    reply.header('cache-control', 'no-store').clearCookie(COOKIE, cookie);
    const session = await signIn.finish(request.cookies[COOKIE], search, browserRequest(request, now));
    if (session === null) return redirect(reply, FAILED);
    const token = await signAccessToken(services.signingKeys, session, now, BROWSER_SESSION_LIFETIME_SECONDS);
    setSessionCookie(reply, services.publicUrl, token, BROWSER_SESSION_LIFETIME_SECONDS);
    return redirect(reply, '/');
  });

  app.get<{ Params: { trustedIssuerId: string } }>(START_PATH, async (request, reply) => {
    const ref = decodeTrustedIssuerId(request.params.trustedIssuerId);
    reply.header('cache-control', 'no-store');
    const started = await signIn.start(ref, browserRequest(request, new Date()));
    if (started === null) return redirect(reply, FAILED);
    reply.setCookie(COOKIE, started.sealed, { ...cookie, maxAge: ATTEMPT_LIFETIME_SECONDS });
    return redirect(reply, started.url.href);
  });
}

function browserRequest(request: FastifyRequest, now: Date) {
  return { now, requestId: request.id, ipAddress: request.ip };
}

function redirect(reply: FastifyReply, to: string): FastifyReply {
  return reply.redirect(to, 303);
}
