import { apiKeyKinds } from '../api-key/api-key.ts';
import {
  answers,
  type Feature,
  instant,
  noContent,
  nullableInstant,
  object,
  otherwise,
  ref,
  refused,
  signedIn,
} from './openapi.ts';

const text = { type: 'string' };
const tag = { ETag: { description: 'Names the string, and tells nothing of it.', schema: text } };

export const currentKey: Feature = {
  schemas: {
    CurrentKey: object({
      apiKey: { type: 'string', pattern: '^[A-Za-z0-9]{12}$' },
      kind: { enum: apiKeyKinds },
      version: { type: 'integer', minimum: 1, description: 'Grows with every other string, and with nothing else.' },
      lastModifiedAt: instant,
      overlapEndsAt: {
        ...nullableInstant,
        description: 'Until when the string before it works as well. Null: it does not.',
      },
    }),
  },
  paths: {
    '/v1/keys/current': {
      get: {
        operationId: 'fetchCurrentKey',
        tags: ['Keys'],
        summary: 'The key string of an organization as it is now, for programs',
        description:
          'Needs the permission apiKey:reveal. Of what a service account fetches, each string is written into the audit trail once.',
        security: signedIn,
        parameters: [
          {
            name: 'organization',
            in: 'query',
            required: true,
            description: 'Its id or its external id.',
            schema: text,
          },
          {
            name: 'kind',
            in: 'query',
            description: 'Of the key.',
            schema: { enum: apiKeyKinds, default: 'CLOUD_SERVICE' },
          },
          { name: 'If-None-Match', in: 'header', description: 'The ETag of the string that is known.', schema: text },
        ],
        responses: {
          200: answers('The string.', ref('CurrentKey'), tag),
          304: noContent('The caller has it already. Nothing is revealed.', tag),
          400: refused.invalid,
          401: refused.unauthenticated,
          403: refused.forbidden,
          404: answers(
            'There is no such organization in sight of the caller (`NOT_FOUND`), or it has no key (`KEY_NOT_FOUND`).',
            ref('Error'),
          ),
          default: otherwise,
        },
      },
    },
  },
};
