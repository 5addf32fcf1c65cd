import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { Secret } from '../secrets/secret.ts';
import { AUTHENTICATION_FAILED } from './login.route.ts';
import { replacePassword } from './password.service.ts';

const text = z.string().catch('');
const passwords = z
  .object({ username: text, currentPassword: text, newPassword: text })
  .catch({ username: '', currentPassword: '', newPassword: '' });

/** `POST /auth/password`: changes one's own password without a session. As at a sign-in, anything wrong is 401. */
export function registerPassword(app: FastifyInstance, services: Services): void {
  app.post('/auth/password', async (request, reply) => {
    const { username, currentPassword, newPassword } = passwords.parse(request.body);
    const isChanged = await replacePassword(services, {
      username,
      password: new Secret(currentPassword),
      newPassword: new Secret(newPassword),
      now: new Date(),
      requestId: request.id,
      ipAddress: request.ip,
    });
    return isChanged ? reply.code(204).send() : reply.code(401).send(AUTHENTICATION_FAILED);
  });
}
