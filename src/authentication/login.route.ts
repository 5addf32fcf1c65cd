import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { Secret } from '../secrets/secret.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, signAccessToken } from './access-token.ts';
import { logIn } from './login.service.ts';
import type { PasswordAttempt } from './prove-password.ts';

const credentials = z
  .object({ username: z.string().catch(''), password: z.string().catch('') })
  .catch({ username: '', password: '' });

/** What whoever could not prove who they are is told, whatever the reason. */
export const AUTHENTICATION_FAILED = { code: 'AUTHENTICATION_FAILED' };

/** The user name and the password of a request. What is missing or no text is empty, which is nobody's. */
export function attemptOf(request: FastifyRequest, now: Date): PasswordAttempt {
  const { username, password } = credentials.parse(request.body);
  return { username, password: new Secret(password), now, requestId: request.id, ipAddress: request.ip };
}

/** `POST /auth/login`: a user name and a password for a short-lived access token. Anything wrong is 401, in the same time. */
export function registerLogin(app: FastifyInstance, services: Services): void {
  app.post('/auth/login', async (request, reply) => {
    const now = new Date();
    reply.header('cache-control', 'no-store');
    const session = await logIn(services, attemptOf(request, now), ACCESS_TOKEN_LIFETIME_SECONDS);
    if (session === null) return reply.code(401).send(AUTHENTICATION_FAILED);
    const accessToken = await signAccessToken(services.signingKeys, session, now);
    return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_LIFETIME_SECONDS };
  });
}
