import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { RateLimitedError } from '../errors.ts';
import { failWith } from '../http/failure.ts';
import { parseLogin } from './api-login.ts';
import { closeApiSession, useApiSession } from './api-session.service.ts';
import { ApiSessionError, type ApiSessionErrorCode } from './api-session-error.ts';
import { presentedSession } from './api-session-id.ts';
import { openApiSession } from './open-api-session.service.ts';
import { ApiRateLimits } from './rate-limits.ts';

const PATH = '/api/v1/authenticatedSession';
/** One official client logs out without the prefix. */
const PATHS_OF_LOGOUT = [PATH, '/authenticatedSession'];
const LARGEST_BODY_BYTES = 16 * 1024;
const LONGEST_USER_AGENT = 300;

/** Clients read the two of the password in different units: -1 and 0 say in all of them that it does not expire. */
const SESSION = { authType: 'ADMIN_LOGIN', obfuscateApiKey: true, passwordExpiryTime: -1, passwordExpiryDays: 0 };

/**
 * `POST` opens a session by an organization's key and an admin's user name and password, `GET` says whether it lives, `DELETE`
 * ends it: as the field's clients have it, errors included.
 */
export async function registerApiSessions(app: FastifyInstance, services: Services): Promise<void> {
  const limits = new ApiRateLimits(services.database);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers(); // a body without a meaning is no fault: some clients send one with every request
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: LARGEST_BODY_BYTES }, (_, body, done) => {
      done(null, body);
    });
    scope.setErrorHandler((error, request, reply) => answerError(services, error, request, reply));

    scope.post(PATH, async (request, reply) => {
      requireJson(request);
      const { id: requestId, ip: ipAddress, headers } = request;
      const userAgent = headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null;
      const login = parseLogin(request.body);
      const id = await openApiSession(services, limits, { ...login, now: new Date(), requestId, ipAddress, userAgent });
      reply.header('set-cookie', `JSESSIONID=${id.expose()}; Path=/; Secure; HttpOnly`);
      return SESSION;
    });

    scope.get(PATH, async (request) => {
      const asked = { now: new Date(), address: request.ip };
      await useApiSession(services, limits, presentedSession(request.headers), asked);
      return SESSION;
    });

    for (const path of PATHS_OF_LOGOUT) {
      scope.delete(path, async (request, reply) => {
        const shown = presentedSession(request.headers);
        const asked = { now: new Date(), requestId: request.id, ipAddress: request.ip };
        if (shown !== null) await closeApiSession(services, shown, asked);
        return reply.code(204).send();
      });
    }
  });
}

/** @throws ApiSessionError `UNSUPPORTED_MEDIA_TYPE` */
function requireJson({ headers }: FastifyRequest): void {
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return;
  throw new ApiSessionError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
}

const statusOf: Readonly<Record<ApiSessionErrorCode, number>> = {
  AUTHENTICATION_FAILED: 400,
  API_KEY_DISABLED: 403,
  NOT_SUBSCRIBED: 403,
  SESSION_NOT_VALID: 401,
  MALFORMED: 400,
  UNSUPPORTED_MEDIA_TYPE: 415,
};

function answerError(services: Services, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof ApiSessionError) {
    const { code, message } = error;
    reply.code(statusOf[code]).send(code === 'MALFORMED' ? { message } : { code, message });
    return;
  }
  const { status, code, message } = failWith(services, error, request, reply);
  if (error instanceof RateLimitedError) {
    // All of it text: one client reads the header, another one the body.
    reply.send({ message, 'Retry-After': `${error.retryAfterSeconds} seconds` });
    return;
  }
  reply.send({ code: status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : code, message });
}
