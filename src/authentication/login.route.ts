import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { Secret } from '../secrets/secret.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, signAccessToken } from './access-token.ts';
import { logIn } from './login.service.ts';

const credentials = z
  .object({ username: z.string().catch(''), password: z.string().catch('') })
  .catch({ username: '', password: '' });

/** `POST /auth/login`: a user name and a password for a short-lived access token. Anything wrong is 401, in the same time. */
export function registerLogin(app: FastifyInstance, services: Services): void {
  app.post('/auth/login', async (request, reply) => {
    const { username, password } = credentials.parse(request.body);
    const now = new Date();
    const attempt = { username, password: new Secret(password), now, requestId: request.id, ipAddress: request.ip };
    const session = await logIn(services, attempt, ACCESS_TOKEN_LIFETIME_SECONDS);
    reply.header('cache-control', 'no-store');
    if (session === null) {
      return reply.code(401).send({ code: 'AUTHENTICATION_FAILED' });
    }
    const accessToken = await signAccessToken(services.signingKeys, session, now);
    return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_LIFETIME_SECONDS };
  });
}
