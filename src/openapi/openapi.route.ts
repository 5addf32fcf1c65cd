import type { FastifyInstance } from 'fastify';
import { openApiDocument } from './document.ts';

/** `GET /openapi.json`: what is answered here, for programs. */
export function registerOpenApi(app: FastifyInstance, publicUrl: string): void {
  const document = JSON.stringify(openApiDocument(publicUrl));
  app.get('/openapi.json', async (_, reply) => {
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
