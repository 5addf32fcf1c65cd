import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Services } from '../context.ts';
import { RateLimitedError } from '../errors.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, signAccessToken } from './access-token.ts';
import { grantToken } from './oauth-token.service.ts';
import { OauthError, type OauthErrorCode, parseTokenRequest } from './oauth-token.ts';

const LARGEST_FORM_BYTES = 16 * 1024;

const statusOf: Readonly<Record<OauthErrorCode, number>> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  temporarily_unavailable: 429,
};

/** `POST /oauth/token` (RFC 6749, client_credentials): a service account's id and secret for a short-lived access token. */
export async function registerOauthToken(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers(); // a form, and nothing else
    await scope.register(formbody, { bodyLimit: LARGEST_FORM_BYTES });
    scope.addHook('onRequest', async (_, reply) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    });
    scope.setErrorHandler((error, _, reply) => refuse(reply, error));
    scope.post('/oauth/token', async (request) => {
      const asked = parseTokenRequest(request.headers.authorization, request.body);
      const now = new Date();
      const from = { requestId: request.id, ipAddress: request.ip };
      const claims = await grantToken(services, { ...asked, ...from, now, isLockedOutWithAll: true });
      return {
        access_token: await signAccessToken(services.signingKeys, claims, now),
        token_type: 'Bearer',
        expires_in: ACCESS_TOKEN_LIFETIME_SECONDS,
        scope: claims.permissions.join(' '),
      };
    });
  });
}

/** In the form of RFC 6749. @throws unknown what is our own fault, which is answered like everywhere */
function refuse(reply: FastifyReply, error: unknown): void {
  const { code, message } = describe(error);
  if (code === 'invalid_client') reply.header('www-authenticate', 'Basic realm="keyward", charset="UTF-8"');
  if (error instanceof RateLimitedError) reply.header('retry-after', error.retryAfterSeconds);
  reply.code(statusOf[code]).send({ error: code, error_description: message });
}

function describe(error: unknown): Pick<OauthError, 'code' | 'message'> {
  if (error instanceof OauthError) return error;
  if (error instanceof RateLimitedError) return { code: 'temporarily_unavailable', message: error.message };
  const isOfClient = error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
  if (!isOfClient) throw error;
  return { code: 'invalid_request', message: 'Send the parameters as application/x-www-form-urlencoded.' };
}
