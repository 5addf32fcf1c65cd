import type { Permission } from '../../src/identity/permissions.ts';
import { levels, type Target, type Thing } from './things.ts';

/** What is sent to a route, past its method. */
export interface RouteRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RouteAsk {
  readonly by: string;
  readonly thing: Thing;
  /** As whom an organization's people see it (things.ts). */
  readonly level: (typeof levels)[Thing];
  /** Of what the answer tells the id; left out: of the thing itself. */
  readonly tells?: Thing;
  readonly request: (target: Target) => RouteRequest;
}

/** What is done with a route. */
export type RouteDecision =
  /** Reads for somebody who is known: the same as a query (decision.ts). */
  | { readonly kind: 'READ'; readonly asks: readonly RouteAsk[] }
  /** Looks one thing up: it is shown, or forbidden to those without the permission, or as if it were missing. */
  | { readonly kind: 'LOOK_UP'; readonly permission: Permission; readonly ask: RouteAsk }
  /** For whoever comes along: it tells nothing of anybody, and the same of everybody. */
  | { readonly kind: 'STRANGER'; readonly request: (target: Target) => RouteRequest }
  /** GraphQL: every field has a decision of its own. */
  | { readonly kind: 'GRAPHQL' };

const json = (url: string, body: unknown): RouteRequest => ({
  url,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const login = (url: string, field: string): RouteDecision => ({
  kind: 'STRANGER',
  request: ({ words }) => json(url, { username: words.providerUsername, password: 'not theirs', [field]: 'nor this' }),
});

const plain = (url: string): RouteDecision => ({ kind: 'STRANGER', request: () => ({ url }) });

const exported = (format: string): RouteAsk[] => [
  {
    by: `${format}, serviceProviderId`,
    thing: 'ServiceProvider',
    level: levels.ServiceProvider,
    tells: 'AuditEvent',
    request: ({ ids }) => ({ url: `/audit/export?format=${format}&serviceProviderId=${ids.ServiceProvider}` }),
  },
  {
    by: `${format}, organizationId`,
    thing: 'Organization',
    level: levels.Organization,
    request: ({ ids }) => ({ url: `/audit/export?format=${format}&organizationId=${ids.Organization}` }),
  },
  {
    by: `${format}, actorId`,
    thing: 'ProviderStaff',
    level: 'FACE', // whoever acted upon an organization is named in its trail
    request: ({ ids }) => ({ url: `/audit/export?format=${format}&actorId=${ids.ProviderStaff}` }),
  },
];

/** A file that is broken: whoever may import there is told so, and nothing is. */
function importOf(serviceProviderId: string): RouteRequest {
  const part = (head: string, text: string) => `--part\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const file = part('name="file"; filename="organizations.csv"', 'title');
  return {
    url: '/imports/organizations',
    headers: { 'content-type': 'multipart/form-data; boundary=part' },
    body: `${part('name="serviceProviderId"', serviceProviderId)}${file}--part--\r\n`,
  };
}

/** Asked by a gateway that nobody knows, with what a client of theirs could send. */
const authorize = (method: string, path: string, url: string): [string, RouteDecision] => [
  `${method} ${path}`,
  {
    kind: 'STRANGER',
    request: ({ ids }) => ({
      url,
      headers: { 'x-api-key': 'abcDEF123456', 'x-organization': ids.Organization, 'x-keyward-gateway': 'Bearer x.y.z' },
    }),
  },
];
const authorizeByEveryMethod = Object.fromEntries(
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].flatMap((method) => [
    authorize(method, '/v1/authorize', '/v1/authorize'),
    authorize(method, '/v1/authorize/*', '/v1/authorize/some/path'),
  ]),
);
function importRead(urlOf: (operationId: string) => string): RouteDecision {
  const request = ({ ids }: Target) => ({ url: urlOf(ids.Import) });
  const ask = { by: 'operationId', thing: 'Import', level: levels.Import, request } as const;
  return { kind: 'LOOK_UP', permission: 'organization:manage', ask };
}

/** Every route by its method and address. A route that is not here, and an entry without a route, fail `routes.test.ts`. */
export const routeDecisions: Readonly<Record<string, RouteDecision>> = {
  'GET /graphql': { kind: 'GRAPHQL' },
  'POST /graphql': { kind: 'GRAPHQL' },
  'GET /graphql/stream': { kind: 'GRAPHQL' },
  'POST /graphql/stream': { kind: 'GRAPHQL' },
  'GET /audit/export': { kind: 'READ', asks: [...exported('ndjson'), ...exported('csv')] },
  'GET /exports/organizations': {
    kind: 'READ',
    asks: [
      {
        by: 'serviceProviderId',
        thing: 'ServiceProvider',
        level: levels.ServiceProvider,
        request: ({ ids }) => ({ url: `/exports/organizations?serviceProviderId=${ids.ServiceProvider}` }),
      },
      {
        by: 'search',
        thing: 'Organization',
        level: levels.Organization,
        request: ({ words }) => ({
          url: `/exports/organizations?search=${encodeURIComponent(words.organizationName)}`,
        }),
      },
    ],
  },
  'GET /v1/keys/current': {
    kind: 'LOOK_UP',
    permission: 'apiKey:reveal',
    ask: {
      by: 'organization',
      thing: 'Organization',
      level: levels.Organization,
      request: ({ ids }) => ({ url: `/v1/keys/current?organization=${ids.Organization}` }),
    },
  },
  'GET /imports/:operationId': importRead((id) => `/imports/${id}`),
  'GET /imports/:operationId/report': importRead((id) => `/imports/${id}/report`),
  'POST /imports/organizations': {
    kind: 'STRANGER',
    request: ({ ids }) => importOf(ids.ServiceProvider),
  },
  'GET /assets/*': plain('/assets/none.js'),
  'GET /*': plain('/organizations'),
  'GET /events/schemas': plain('/events/schemas'),
  'GET /events/schemas/:type': plain('/events/schemas/api_key.added'),
  'GET /healthz': plain('/healthz'),
  'GET /openapi.json': plain('/openapi.json'),
  'POST /v1/keys/verify': {
    kind: 'STRANGER',
    request: ({ ids }) => json('/v1/keys/verify', { organization: ids.Organization, key: 'abcDEF123456' }),
  },
  ...authorizeByEveryMethod,
  'GET /readyz': plain('/readyz'),
  'GET /.well-known/jwks.json': plain('/.well-known/jwks.json'),
  'POST /auth/login': login('/auth/login', 'more'),
  'POST /auth/session': login('/auth/session', 'more'),
  'DELETE /auth/session': plain('/auth/session'),
  'POST /auth/password': login('/auth/password', 'newPassword'),
  'POST /api/v1/authenticatedSession': {
    kind: 'STRANGER',
    request: ({ words }) => {
      const { organizationUsername: username } = words;
      const [apiKey, password] = ['x'.repeat(12), 'not theirs'];
      return json('/api/v1/authenticatedSession', { apiKey, username, password, timestamp: Date.now() });
    },
  },
  'GET /api/v1/authenticatedSession': plain('/api/v1/authenticatedSession'),
  'DELETE /api/v1/authenticatedSession': plain('/api/v1/authenticatedSession'),
  'DELETE /authenticatedSession': plain('/authenticatedSession'),
  'POST /oauth/token': {
    kind: 'STRANGER',
    request: ({ ids }) => ({
      url: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${ids.ProviderAccount}&client_secret=kws_${'x'.repeat(43)}`,
    }),
  },
  'GET /auth/sso/callback': plain('/auth/sso/callback?state=x&code=x'),
  // Where an issuer is, everybody may know who has its id: their browser is sent there. These issuers do not answer.
  'GET /auth/sso/:trustedIssuerId': {
    kind: 'STRANGER',
    request: ({ ids }) => ({ url: `/auth/sso/${ids.TrustedIssuer}` }),
  },
};
