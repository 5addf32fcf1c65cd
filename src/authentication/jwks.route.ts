import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';

/** `GET /.well-known/jwks.json` (RFC 7517): with what whoever gets one of our access tokens can verify it. */
export function registerJwks(app: FastifyInstance, { signingKeys }: Services): void {
  app.get('/.well-known/jwks.json', async (_, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    return { keys: await signingKeys.publicJwks(new Date()) };
  });
}
