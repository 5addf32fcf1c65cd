import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';
import { notFound } from '../errors.ts';
import { schemaOf, schemaUrl } from './event-schema.ts';
import { eventTypes, isEventType } from './event-type.ts';

const CACHE = 'public, max-age=300';

/** `GET /events/schemas`: every type of event; `GET /events/schemas/<type>`: the JSON schema of what webhooks are sent. */
export function registerEventSchemas(app: FastifyInstance, { publicUrl }: Services): void {
  app.get('/events/schemas', async (_, reply) => {
    reply.header('cache-control', CACHE);
    return { schemas: eventTypes.map((type) => ({ type, url: schemaUrl(publicUrl, type) })) };
  });
  app.get<{ Params: { type: string } }>('/events/schemas/:type', async ({ params: { type } }, reply) => {
    if (!isEventType(type)) throw notFound('type');
    reply.header('cache-control', CACHE).type('application/schema+json; charset=utf-8');
    return JSON.stringify(schemaOf(type, schemaUrl(publicUrl, type)));
  });
}
