import {
  answers,
  count,
  type Feature,
  jsonOf,
  nobody,
  noContent,
  type Operation,
  object,
  ref,
  retryAfter,
} from './openapi.ts';

const text = { type: 'string' };
const session: Operation['security'] = [{ apiSessionCookie: [] }, { apiSessionHeader: [] }];
const setCookie = { 'Set-Cookie': { description: '`JSESSIONID=…; Path=/; Secure; HttpOnly`', schema: text } };
const otherwise = answers('The request is malformed, or something went wrong here.', ref('ApiSessionError'));
const tooMany = answers('Too many. Everything in the body is text.', ref('ApiRateLimited'), retryAfter);

const logOut: Operation = {
  operationId: 'closeApiSession',
  tags: ['API sessions'],
  summary: 'Ends the session, if there is one',
  security: [...session, {}],
  responses: { 204: noContent('There is none any more.'), default: otherwise },
};

export const apiSessions: Feature = {
  securitySchemes: {
    apiSessionCookie: { type: 'apiKey', in: 'cookie', name: 'JSESSIONID' },
    apiSessionHeader: { type: 'apiKey', in: 'header', name: 'JSessionID' },
  },
  schemas: {
    ApiSession: object({
      authType: { const: 'ADMIN_LOGIN' },
      obfuscateApiKey: { const: true },
      passwordExpiryTime: { const: -1 },
      passwordExpiryDays: { const: 0 },
    }),
    ApiSessionError: object({ code: text, message: text }),
    ApiRateLimited: object({ message: text, 'Retry-After': { type: 'string', pattern: '^[0-9]+ seconds$' } }),
  },
  paths: {
    '/api/v1/authenticatedSession': {
      post: {
        operationId: 'openApiSession',
        tags: ['API sessions'],
        summary: 'The obfuscated key with an admin’s user name and password for a session',
        security: nobody,
        requestBody: {
          required: true,
          content: jsonOf(
            object({
              apiKey: { type: 'string', minLength: 12, maxLength: 12, description: 'Obfuscated by the timestamp.' },
              username: text,
              password: text,
              timestamp: {
                oneOf: [count, { type: 'string', pattern: '^[0-9]+$' }],
                description: 'Milliseconds since 1970, as a number or as text.',
              },
            }),
          ),
        },
        responses: {
          200: answers('The session has begun.', ref('ApiSession'), setCookie),
          400: answers('Something of it is wrong (`AUTHENTICATION_FAILED`), or the body is.', {
            oneOf: [ref('ApiSessionError'), object({ message: { const: 'Request body is invalid.' } })],
          }),
          403: answers(
            'All of it is right, and the key is disabled (`API_KEY_DISABLED`) or not paid for (`NOT_SUBSCRIBED`).',
            ref('ApiSessionError'),
          ),
          415: answers('The body is not JSON by its type.', ref('ApiSessionError')),
          429: tooMany,
          default: otherwise,
        },
      },
      get: {
        operationId: 'useApiSession',
        tags: ['API sessions'],
        summary: 'Whether the session lives',
        security: session,
        responses: {
          200: answers('It does, and counts as used.', ref('ApiSession')),
          401: answers('It has ended, or never was (`SESSION_NOT_VALID`).', ref('ApiSessionError')),
          429: tooMany,
          default: otherwise,
        },
      },
      delete: logOut,
    },
    '/authenticatedSession': {
      delete: {
        ...logOut,
        operationId: 'closeApiSessionWithoutPrefix',
        summary: 'The same, where one client asks for it',
      },
    },
  },
};
