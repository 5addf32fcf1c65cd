import { oauthErrorCodes } from '../authentication/oauth-token.ts';
import { permissions } from '../identity/permissions.ts';
import {
  answers,
  type Feature,
  jsonOf,
  nobody,
  noContent,
  object,
  otherwise,
  ref,
  refused,
  retryAfter,
  signedIn,
} from './openapi.ts';

const text = { type: 'string' };
const setCookie = { 'Set-Cookie': { description: 'The cookie of the console, for no script to read.', schema: text } };
const credentials = { required: true, content: jsonOf(object({ username: text, password: text })) };
const failed = answers(
  'Not the password of anybody of this name.',
  object({ code: { const: 'AUTHENTICATION_FAILED' } }),
);
const accessToken = { type: 'string', description: 'Goes into `Authorization: Bearer …`.' };
const lifetimeSeconds = { type: 'integer', minimum: 1, description: 'Seconds.' };
const passwordToChange = answers('The password has to be changed first: POST /auth/password.', ref('Error'));

export const signIn: Feature = {
  securitySchemes: {
    accessToken: {
      type: 'http',
      scheme: 'bearer',
      description: 'Of POST /auth/login, POST /oauth/token, or a trusted issuer.',
    },
    sessionCookie: { type: 'apiKey', in: 'cookie', name: 'keyward_session', description: "The console's." },
  },
  schemas: {
    OauthError: object({
      error: { enum: oauthErrorCodes },
      error_description: text,
    }),
  },
  paths: {
    '/auth/login': {
      post: {
        operationId: 'logIn',
        tags: ['Sign-in'],
        summary: 'A user name and a password for an access token',
        security: nobody,
        requestBody: credentials,
        responses: {
          200: answers(
            'A short-lived token.',
            object({ accessToken, tokenType: { const: 'Bearer' }, expiresIn: lifetimeSeconds }),
          ),
          401: failed,
          403: passwordToChange,
          429: refused.tooMany,
          default: otherwise,
        },
      },
    },
    '/auth/session': {
      post: {
        operationId: 'beginSession',
        tags: ['Sign-in'],
        summary: 'A user name and a password for a cookie',
        description: 'Pages of other sites cannot do this in their visitor’s name.',
        security: nobody,
        requestBody: credentials,
        responses: {
          204: noContent('The cookie is set.', setCookie),
          400: refused.invalid,
          401: failed,
          403: answers('The password has to be changed first, or a page of another site asks.', ref('Error')),
          429: refused.tooMany,
          default: otherwise,
        },
      },
      delete: {
        operationId: 'endSession',
        tags: ['Sign-in'],
        summary: 'Ends the session of the cookie or the token',
        security: [...signedIn, {}],
        responses: {
          204: noContent('There is none any more.', setCookie),
          403: answers('A page of another site asks.', ref('Error')),
          default: otherwise,
        },
      },
    },
    '/auth/password': {
      post: {
        operationId: 'replacePassword',
        tags: ['Sign-in'],
        summary: 'Changes one’s own password without a session',
        security: nobody,
        requestBody: {
          required: true,
          content: jsonOf(object({ username: text, currentPassword: text, newPassword: text })),
        },
        responses: {
          204: noContent('It is changed, and every session ended.'),
          400: refused.invalid,
          401: failed,
          429: refused.tooMany,
          default: otherwise,
        },
      },
    },
    '/oauth/token': {
      post: {
        operationId: 'grantToken',
        tags: ['Sign-in'],
        summary: 'The id and the secret of a service account for an access token (RFC 6749, client_credentials)',
        security: [{ clientSecret: [] }, {}],
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': {
              schema: object(
                {
                  grant_type: { const: 'client_credentials' },
                  client_id: text,
                  client_secret: text,
                  scope: {
                    type: 'string',
                    description: `With blanks between: ${permissions.join(', ')}. Left out: all that the account has.`,
                  },
                },
                ['client_id', 'client_secret', 'scope'],
              ),
            },
          },
        },
        responses: {
          200: answers(
            'A short-lived token.',
            object({
              access_token: accessToken,
              token_type: { const: 'Bearer' },
              expires_in: lifetimeSeconds,
              scope: text,
            }),
          ),
          400: answers('The request or the scope is wrong.', ref('OauthError')),
          401: answers('No such account, or not its secret.', ref('OauthError'), {
            'WWW-Authenticate': { description: 'How a secret is shown.', schema: text },
          }),
          429: answers('Too many failures.', ref('OauthError'), retryAfter),
          default: otherwise,
        },
      },
    },
  },
};
