import { apiKeyKinds } from '../api-key/api-key.ts';
import { decisionCodes, LARGEST_COST } from '../gateway/call.ts';
import { type DenialCode, denials } from '../gateway/denial.ts';
import {
  answers,
  type Feature,
  globalId,
  type HttpMethod,
  jsonOf,
  noContent,
  nullableInstant,
  type Operation,
  object,
  otherwise,
  type PathItem,
  type Response,
  ref,
} from './openapi.ts';

const text = { type: 'string' };
const methods: readonly HttpMethod[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
/** The rest is of sessions, which are no keys. */
const codesOfKeys = decisionCodes.filter((code) => code !== 'SESSION_NOT_VALID');

const organizationHeader = { 'X-Organization-Id': { description: 'Whose call it is.', schema: globalId } };
const granted = {
  ...organizationHeader,
  'X-Api-Role': { description: 'The roles of an access token, with blanks between.', schema: text },
};

const removed = {
  'X-Envoy-Auth-Headers-To-Remove': { description: 'What Envoy takes out of the call.', schema: text },
};

function denied(status: number): Response {
  const codes = (Object.keys(denials) as DenialCode[]).filter((code) => denials[code].status === status);
  return answers(`Denied: ${codes.join(', ')}.`, object({ code: { enum: codes }, message: text }), {
    'X-Denied-Code': { description: 'The code of the body.', schema: { enum: codes } },
    ...(status === 429
      ? { 'Retry-After': { description: 'Seconds, of GATEWAY_RATE_LIMITED.', schema: { type: 'integer' } } }
      : {}),
    ...(status === 401 ? { 'WWW-Authenticate': { description: 'Bearer.', schema: text } } : {}),
  });
}

const headers = {
  'X-Api-Key': 'The key, with X-Organization.',
  'X-Organization': 'The organization of the key, the sandbox token or the access token: its id or its external id.',
  Authorization: '`Bearer`, and an access token of the organization’s authorization server.',
  JSessionID: 'An API session; the cookie JSESSIONID does as well.',
  'X-Forwarded-Method':
    'The method of the call; X-Original-Method does as well. Counts from KEYWARD_TRUSTED_PROXIES only.',
  'X-Forwarded-Uri':
    'Path and query of the call, for its `api_token`; X-Original-URI and X-Original-URL do as well. Counts from KEYWARD_TRUSTED_PROXIES only.',
};

function operation(method: HttpMethod, form: 'Authorize' | 'AuthorizePath'): Operation {
  const verb = `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  const ok = noContent(
    'The call may pass, and is counted.',
    form === 'Authorize' ? granted : { ...granted, ...removed },
  );
  return {
    operationId: `decide${form}${verb}`,
    tags: ['Decisions'],
    summary:
      form === 'Authorize' ? 'May this call pass? As nginx and Traefik ask' : 'May this call pass? As Envoy asks',
    security: [{ gateway: [] }],
    parameters: [
      ...(form === 'Authorize'
        ? []
        : [
            {
              name: 'path',
              in: 'path' as const,
              required: true,
              description: 'The path of the call, slashes and all.',
              schema: text,
            },
          ]),
      ...Object.entries(headers)
        .filter(([name]) => form === 'Authorize' || !name.startsWith('X-Forwarded-'))
        .filter(([name]) => name !== 'Authorization') // OpenAPI has it that such a parameter is ignored
        .map(([name, description]) => ({ name, in: 'header' as const, description, schema: text })),
    ],
    responses: {
      [form === 'Authorize' ? 204 : 200]: ok,
      401: denied(401),
      403: denied(403),
      429: denied(429),
      503: denied(503),
      default: otherwise,
    },
  };
}

function everyMethod(form: 'Authorize' | 'AuthorizePath'): PathItem {
  return Object.fromEntries(methods.map((method) => [method, operation(method, form)]));
}

export const decisions: Feature = {
  securitySchemes: {
    gateway: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Keyward-Gateway',
      description:
        'Of a service account with the permission gateway:verify: `Basic` and its client id and secret, or `Bearer` and its access token.',
    },
  },
  schemas: {
    Decision: object({
      valid: { type: 'boolean' },
      code: { enum: codesOfKeys },
      organizationId: { oneOf: [globalId, { type: 'null' }] },
      callsUsed: { type: ['integer', 'null'], minimum: 0 },
      callThreshold: { type: ['integer', 'null'], minimum: 1 },
      resetsAt: nullableInstant,
    }),
  },
  paths: {
    '/v1/keys/verify': {
      post: {
        operationId: 'verifyKey',
        tags: ['Decisions'],
        summary: 'Is this the key of this organization, and may it be used? Counts the call when it may',
        security: [{ accessToken: [] }],
        requestBody: {
          required: true,
          content: jsonOf(
            object(
              {
                organization: { type: 'string', description: 'Its id or its external id.' },
                key: text,
                kind: { enum: apiKeyKinds, default: 'CLOUD_SERVICE' },
                cost: {
                  ...{ type: 'integer', minimum: 1, maximum: LARGEST_COST, default: 1 },
                  description: 'For how many calls it counts.',
                },
                address: {
                  type: 'string',
                  description:
                    'IP address that the call came from; else the one that asks. It is shown as the last one.',
                },
              },
              ['kind', 'cost', 'address'],
            ),
          ),
        },
        responses: {
          200: answers('The decision. A wrong key and an unknown organization are both `NOT_FOUND`.', ref('Decision')),
          400: answers('Something in the body is wrong.', ref('Error')),
          401: answers('Nobody is signed in.', ref('Error')),
          403: answers('The service account needs the permission gateway:verify.', ref('Error')),
          503: answers('It cannot be decided now: nothing is accepted.', ref('Error')),
          default: otherwise,
        },
      },
    },
    '/v1/authorize': everyMethod('Authorize'),
    '/v1/authorize/{path}': everyMethod('AuthorizePath'),
  },
};
