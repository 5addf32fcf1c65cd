import type { FastifyInstance } from 'fastify';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Services } from '../context.ts';
import { createRequestContext } from '../http/request-context.ts';
import { parseCurrentKey } from './current-key.input.ts';
import { fetchCurrentKey } from './current-key.service.ts';

/**
 * `GET /v1/keys/current?organization&kind`: the key string, for programs. With `If-None-Match` of an earlier answer it is
 * 304 until there is another one.
 */
export function registerCurrentKey(app: FastifyInstance, services: Services, authenticate: Authenticate): void {
  app.get('/v1/keys/current', { exposeHeadRoute: false }, async (request, reply) => {
    const ctx = await createRequestContext(request, services, authenticate);
    const known = request.headers['if-none-match'] ?? null;
    const { tag, key } = await fetchCurrentKey(ctx, { ...parseCurrentKey(request.query), known });
    reply.headers({ etag: tag, 'cache-control': 'private, no-store' });
    if (key === null) return reply.code(304).send();
    const { keyString, kind, version, lastModifiedAt, overlapEndsAt } = key;
    return { apiKey: keyString.expose(), kind, version, lastModifiedAt, overlapEndsAt };
  });
}
