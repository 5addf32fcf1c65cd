import { answers, type Feature, nobody, noContent, object, otherwise, type Schema } from './openapi.ts';

const readiness: Schema = object({
  status: { enum: ['ready', 'degraded', 'not ready'] },
  checks: object({
    database: { enum: ['ok', 'unreachable'] },
    process: { enum: ['ok', 'stopping'] },
    keyEncryptionKey: { enum: ['ok', 'missing'] },
  }),
});

const publicKey: Schema = {
  type: 'object',
  properties: { kty: { type: 'string' }, kid: { type: 'string' }, use: { type: 'string' }, alg: { type: 'string' } },
  required: ['kty', 'kid'],
  not: { anyOf: [{ required: ['d'] }, { required: ['k'] }] },
};

export const health: Feature = {
  paths: {
    '/healthz': {
      get: {
        operationId: 'isAlive',
        tags: ['Operation'],
        summary: 'Whether the process lives',
        security: nobody,
        responses: { 200: answers('It does.', object({ status: { const: 'ok' } })), default: otherwise },
      },
    },
    '/readyz': {
      get: {
        operationId: 'isReady',
        tags: ['Operation'],
        summary: 'Whether it can do its work',
        security: nobody,
        responses: {
          200: answers('It can. `degraded`: all that needs no key encryption key, which is missing.', readiness),
          503: answers('It cannot, or is about to stop.', readiness),
          default: otherwise,
        },
      },
    },
    '/.well-known/jwks.json': {
      get: {
        operationId: 'readSigningKeys',
        tags: ['Operation'],
        summary: 'The public keys of its access tokens',
        security: nobody,
        responses: {
          200: answers('A JSON Web Key Set (RFC 7517).', object({ keys: { type: 'array', items: publicKey } })),
          default: otherwise,
        },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'readOpenApi',
        tags: ['Operation'],
        summary: 'This document',
        security: nobody,
        responses: {
          200: answers('OpenAPI 3.1.', {
            type: 'object',
            properties: { openapi: { const: '3.1.1' }, paths: { type: 'object' } },
            required: ['openapi', 'info', 'paths'],
          }),
          default: otherwise,
        },
      },
    },
    '/auth/sso/{trustedIssuerId}': {
      get: {
        operationId: 'leaveForIssuer',
        tags: ['Sign-in'],
        summary: 'Sends a browser to an identity provider',
        security: nobody,
        parameters: [
          {
            name: 'trustedIssuerId',
            in: 'path',
            required: true,
            description: 'The id of the trusted issuer.',
            schema: { type: 'string' },
          },
        ],
        responses: {
          303: toElsewhere('To the issuer, or back to the console when there is no such one.'),
          default: otherwise,
        },
      },
    },
    '/auth/sso/callback': {
      get: {
        operationId: 'returnFromIssuer',
        tags: ['Sign-in'],
        summary: 'Where an identity provider sends the browser back to',
        security: nobody,
        responses: { 303: toElsewhere('To the console, signed in or not.'), default: otherwise },
      },
    },
  },
};

function toElsewhere(description: string) {
  return noContent(description, { Location: { description: 'Where to.', schema: { type: 'string' } } });
}
