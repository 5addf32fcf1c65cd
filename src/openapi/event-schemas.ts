import { eventTypes } from '../events/event-type.ts';
import { answers, type Feature, nobody, object, otherwise, refused } from './openapi.ts';

const type = { enum: eventTypes };
const url = { type: 'string', format: 'uri' };

export const eventSchemas: Feature = {
  paths: {
    '/events/schemas': {
      get: {
        operationId: 'listEventSchemas',
        tags: ['Events'],
        summary: 'Every type of event',
        security: nobody,
        responses: {
          200: answers('By name.', object({ schemas: { type: 'array', items: object({ type, url }) } })),
          default: otherwise,
        },
      },
    },
    '/events/schemas/{type}': {
      get: {
        operationId: 'readEventSchema',
        tags: ['Events'],
        summary: 'What webhooks are sent of an event of this type',
        security: nobody,
        parameters: [{ name: 'type', in: 'path', required: true, description: 'Of the event.', schema: type }],
        responses: {
          200: {
            description: 'A JSON schema.',
            content: { 'application/schema+json': { schema: { type: 'object', required: ['$id', 'type'] } } },
          },
          404: refused.notFound,
          default: otherwise,
        },
      },
    },
  },
};
