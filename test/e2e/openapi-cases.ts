import { loginBody, openSession, PATH as SESSIONS } from '../support/api-sessions.ts';
import { keyHeaders, type TestGateway } from '../support/gateway-client.ts';
import { organizationId, providerId } from '../support/graphql-world.ts';
import { disableByProvider, endSubscription, exceedThreshold } from '../support/key-states.ts';
import type { KeyWorld, Person } from '../support/key-world.ts';
import { JSON_TYPE, type RawAnswer, send } from '../support/raw-http.ts';
import { basicOf, createTestServiceAccount, credentialsOf, tokenOf } from '../support/service-accounts.ts';
import { tokenOfSession } from '../support/session.ts';
import { anyAddress } from '../support/sign-in-from.ts';
import type { TestServer } from '../support/test-installation.ts';

/** A server with tenants that nobody else uses. */
export interface Site {
  readonly server: TestServer;
  readonly world: KeyWorld;
  readonly gateway: TestGateway;
}

type Case = (site: Site) => Promise<RawAnswer>;
type Headers = Readonly<Record<string, string>>;

interface Asked {
  readonly headers?: Headers;
  readonly body?: string | FormData;
}

/** From somewhere else each time, unless it is said from where. */
function ask({ server }: Site, method: string, path: string, { headers = {}, body }: Asked = {}): Promise<RawAnswer> {
  const init = { method, redirect: 'manual' as const, headers: { 'x-forwarded-for': anyAddress(), ...headers } };
  return send(`${server.url}${path}`, body === undefined ? init : { ...init, body });
}

function askJson(site: Site, method: string, path: string, body: unknown, headers: Headers = {}): Promise<RawAnswer> {
  return ask(site, method, path, { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) });
}

/** Until it is refused for being too often. */
async function untilTooMany(call: () => Promise<RawAnswer>): Promise<RawAnswer> {
  for (let tries = 0; ; tries++) {
    const answer = await call();
    if (answer.status === 429 || tries === 400) return answer;
  }
}

async function as({ server, world }: Site, person: Person): Promise<Headers> {
  return { authorization: `Bearer ${await tokenOfSession(server.services, world.people[person])}` };
}

async function asAccount({ server, world }: Site, ...permissions: string[]): Promise<Headers> {
  const { reseller } = world.tenants;
  const account = await createTestServiceAccount(server.services, world.providerAdmin, reseller, permissions);
  return { authorization: `Bearer ${await tokenOf(server.url, account)}` };
}

const get =
  (path: string, person: Person | null = null): Case =>
  async (site) =>
    ask(site, 'GET', path, { headers: person === null ? {} : await as(site, person) });

const login = (path: string) => (site: Site, password?: string, headers?: Headers) => {
  const { username, password: own } = site.world.people.orgAdmin;
  return askJson(site, 'POST', path, { username, password: password ?? own }, headers);
};
const byToken = login('/auth/login');
const byCookie = login('/auth/session');

async function mustChange({ server, world }: Site): Promise<void> {
  await server.database.query('update staff_member set password_must_change = true where id = $1', [world.orgAdmin.id]);
}

const passwordChange = (site: Site, currentPassword: string, newPassword: string, headers?: Headers) => {
  const { username } = site.world.people.orgAdmin;
  return askJson(site, 'POST', '/auth/password', { username, currentPassword, newPassword }, headers);
};

const fixed = () => ({ 'x-forwarded-for': anyAddress() });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const token = (site: Site, form: Headers, headers: Headers = {}) =>
  ask(site, 'POST', '/oauth/token', { headers: { ...FORM, ...headers }, body: new URLSearchParams(form).toString() });

function importForm(serviceProviderId: string, rows: number): FormData {
  const form = new FormData();
  form.append('serviceProviderId', serviceProviderId);
  form.append(
    'file',
    new Blob([`name\n${Array.from({ length: rows }, (_, row) => `Row ${row}`).join('\n')}\n`]),
    'o.csv',
  );
  return form;
}

async function importAs(site: Site, person: Person | null, rows = 1, id?: string): Promise<RawAnswer> {
  const form = importForm(id ?? providerId(site.world.tenants.reseller), rows);
  return ask(site, 'POST', '/imports/organizations', {
    headers: person === null ? {} : await as(site, person),
    body: form,
  });
}

const ofImport =
  (path: string, person: Person | null): Case =>
  async (site) => {
    const { operationId } = JSON.parse((await importAs(site, 'providerAdmin')).text) as { operationId: string };
    return ask(site, 'GET', path.replace('{operationId}', operationId), {
      headers: person === null ? {} : await as(site, person),
    });
  };
const readsOfImport = (path: string): Readonly<Record<string, Case>> => ({
  [`GET ${path} 200`]: ofImport(path, 'providerAdmin'),
  [`GET ${path} 401`]: ofImport(path, null),
  [`GET ${path} 403`]: ofImport(path, 'providerSupport'),
  [`GET ${path} 404`]: ofImport(path, 'foreignAdmin'),
});

const exported = (path: string, other: string): Readonly<Record<string, Case>> => ({
  [`GET ${path} 200`]: get(path, 'providerAdmin'),
  [`GET ${path} 400`]: get(`${path}?format=xlsx`, 'providerAdmin'),
  [`GET ${path} 401`]: get(path),
  [`GET ${path} 403`]: async (site) => ask(site, 'GET', path, { headers: await asAccount(site, other) }),
});

const apiLogin = async (site: Site, more: Headers = {}, headers: Headers = {}) =>
  askJson(site, 'POST', SESSIONS, { ...(await loginBody(site.world)), ...more }, headers);

const withSession =
  (method: string, path: string): Case =>
  async (site) =>
    ask(site, method, path, { headers: { JSessionID: await openSession(site.server.url, site.world) } });

const verify = async (site: Site, more: Readonly<Record<string, unknown>> = {}, headers?: Headers) => {
  const { 'x-api-key': key = '' } = await keyHeaders(site.world);
  const body = { organization: organizationId(site.world.organization), key, ...more };
  return askJson(site, 'POST', '/v1/keys/verify', body, headers ?? (await asAccount(site, 'gateway:verify')));
};

const fetchKey = async (site: Site, { query = '', headers = {} }: { query?: string; headers?: Headers } = {}) => {
  const path = `/v1/keys/current?organization=${organizationId(site.world.organization)}${query}`;
  return ask(site, 'GET', path, { headers: { ...(await asAccount(site, 'apiKey:reveal')), ...headers } });
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** In both forms, by every method. */
const authorizations = Object.fromEntries(
  METHODS.flatMap((method) =>
    [
      { path: '/v1/authorize', granted: 204, options: { method } },
      { path: '/v1/authorize/{path}', granted: 200, options: { method, path: '/some/path?a=b' } },
    ].flatMap(({ path, granted, options }): [string, Case][] => {
      const askAfter =
        (arrange: (world: KeyWorld) => Promise<void>): Case =>
        async ({ world, gateway }) => {
          await arrange(world);
          return gateway.ask(await keyHeaders(world), options);
        };
      return [
        [`${method} ${path} ${granted}`, askAfter(async () => undefined)],
        [`${method} ${path} 401`, ({ gateway }) => gateway.ask({}, options)],
        [`${method} ${path} 403`, askAfter(endSubscription)],
        [`${method} ${path} 429`, askAfter(exceedThreshold)],
      ];
    }),
  ),
);

/** A request for each answer that the document writes out: operation and status. What needs a database that is down is elsewhere. */
export const cases: Readonly<Record<string, Case>> = {
  'GET /healthz 200': get('/healthz'),
  'GET /readyz 200': get('/readyz'),
  'GET /.well-known/jwks.json 200': get('/.well-known/jwks.json'),
  'GET /openapi.json 200': get('/openapi.json'),
  'GET /events/schemas 200': get('/events/schemas'),
  'GET /events/schemas/{type} 200': get('/events/schemas/api_key.added'),
  'GET /events/schemas/{type} 404': get('/events/schemas/nothing'),
  'GET /auth/sso/{trustedIssuerId} 303': get('/auth/sso/nothing'),
  'GET /auth/sso/callback 303': get('/auth/sso/callback?state=x&code=x'),

  'POST /auth/login 200': (site) => byToken(site),
  'POST /auth/login 401': (site) => byToken(site, 'wrong'),
  'POST /auth/login 403': async (site) => {
    await mustChange(site);
    return byToken(site);
  },
  'POST /auth/login 429': async (site) => {
    const from = fixed();
    return untilTooMany(() => byToken(site, 'wrong', from));
  },
  'POST /auth/session 204': (site) => byCookie(site),
  'POST /auth/session 400': (site) =>
    ask(site, 'POST', '/auth/session', { headers: { 'content-type': 'text/plain' }, body: 'a=b' }),
  'POST /auth/session 401': (site) => byCookie(site, 'wrong'),
  'POST /auth/session 403': (site) => byCookie(site, undefined, { origin: 'https://evil.example' }),
  'POST /auth/session 429': async (site) => {
    const from = fixed();
    return untilTooMany(() => byCookie(site, 'wrong', from));
  },
  'DELETE /auth/session 204': (site) => ask(site, 'DELETE', '/auth/session'),
  'DELETE /auth/session 403': (site) =>
    ask(site, 'DELETE', '/auth/session', { headers: { origin: 'https://evil.example' } }),
  'POST /auth/password 204': (site) =>
    passwordChange(site, site.world.people.orgAdmin.password, 'nine blue herons wade'),
  'POST /auth/password 400': (site) => passwordChange(site, site.world.people.orgAdmin.password, 'short'),
  'POST /auth/password 401': (site) => passwordChange(site, 'wrong', 'nine blue herons wade'),
  'POST /auth/password 429': async (site) => {
    const from = fixed();
    return untilTooMany(() => passwordChange(site, 'wrong', 'nine blue herons wade', from));
  },
  'POST /oauth/token 200': (site) => token(site, credentialsOf(site.gateway.account)),
  'POST /oauth/token 400': (site) => token(site, { grant_type: 'password' }),
  'POST /oauth/token 401': (site) =>
    token(site, { grant_type: 'client_credentials' }, basicOf({ clientId: 'nobody', clientSecret: 'x' })),
  'POST /oauth/token 429': async (site) => {
    const form = { ...credentialsOf(site.gateway.account), client_secret: 'wrong' };
    const from = fixed();
    return untilTooMany(() => token(site, form, from));
  },

  [`POST ${SESSIONS} 200`]: (site) => apiLogin(site),
  [`POST ${SESSIONS} 400`]: (site) => apiLogin(site, { password: 'wrong' }),
  [`POST ${SESSIONS} 403`]: async (site) => {
    await disableByProvider(site.world);
    return apiLogin(site);
  },
  [`POST ${SESSIONS} 415`]: (site) => apiLogin(site, {}, { 'content-type': 'text/plain' }),
  [`POST ${SESSIONS} 429`]: async (site) => {
    const from = fixed();
    return untilTooMany(() => apiLogin(site, { password: 'wrong' }, from));
  },
  [`GET ${SESSIONS} 200`]: withSession('GET', SESSIONS),
  [`GET ${SESSIONS} 401`]: get(SESSIONS),
  [`GET ${SESSIONS} 429`]: async (site) => {
    const headers = { ...fixed(), JSessionID: await openSession(site.server.url, site.world) };
    const burst = () => Promise.all(Array.from({ length: 50 }, () => ask(site, 'GET', SESSIONS, { headers })));
    return untilTooMany(async () => {
      const answers = await burst();
      return answers.find(({ status }) => status === 429) ?? answers[0] ?? ask(site, 'GET', SESSIONS, { headers });
    });
  },
  [`DELETE ${SESSIONS} 204`]: withSession('DELETE', SESSIONS),
  'DELETE /authenticatedSession 204': withSession('DELETE', '/authenticatedSession'),

  'POST /v1/keys/verify 200': (site) => verify(site),
  'POST /v1/keys/verify 400': (site) => verify(site, { cost: 0 }),
  'POST /v1/keys/verify 401': (site) => verify(site, {}, {}),
  'POST /v1/keys/verify 403': async (site) => verify(site, {}, await asAccount(site, 'apiKey:view')),
  ...authorizations,

  'GET /v1/keys/current 200': fetchKey,
  'GET /v1/keys/current 304': async (site) => {
    const known = (await fetchKey(site)).headers.get('etag') ?? '';
    return fetchKey(site, { headers: { 'if-none-match': known } });
  },
  'GET /v1/keys/current 400': (site) => fetchKey(site, { query: '&kind=NONE' }),
  'GET /v1/keys/current 401': (site) => fetchKey(site, { headers: { authorization: '' } }),
  'GET /v1/keys/current 403': async (site) => fetchKey(site, { headers: await asAccount(site, 'apiKey:view') }),
  'GET /v1/keys/current 404': (site) => fetchKey(site, { query: '&kind=SANDBOX_SUBMISSION' }),

  'POST /imports/organizations 200': (site) => importAs(site, 'providerAdmin'),
  'POST /imports/organizations 202': (site) => importAs(site, 'providerAdmin', 1_001),
  'POST /imports/organizations 400': async (site) => importAs(site, 'providerAdmin', 0),
  'POST /imports/organizations 401': (site) => importAs(site, null),
  'POST /imports/organizations 403': (site) => importAs(site, 'providerSupport'),
  'POST /imports/organizations 404': (site) => importAs(site, 'providerAdmin', 1, 'nothing'),
  ...readsOfImport('/imports/{operationId}'),
  ...readsOfImport('/imports/{operationId}/report'),
  ...exported('/exports/organizations', 'audit:view'),
  ...exported('/audit/export', 'apiKey:view'),
};

/** The same for a server whose database is gone. What it must have learnt before, it asks for while there is one. */
export const casesWithoutDatabase: Readonly<Record<string, (site: Site) => Promise<() => Promise<RawAnswer>>>> = {
  'GET /readyz 503': async (site) => () => ask(site, 'GET', '/readyz'),
  'POST /v1/keys/verify 503': async (site) => {
    const headers = await asAccount(site, 'gateway:verify');
    await verify(site, {}, headers);
    return () => askJson(site, 'POST', '/v1/keys/verify', { organization: 'x', key: 'y' }, headers);
  },
  ...Object.fromEntries(
    METHODS.flatMap((method) =>
      [
        { path: '/v1/authorize', options: { method } },
        { path: '/v1/authorize/{path}', options: { method, path: '/x' } },
      ].map(({ path, options }) => [
        `${method} ${path} 503`,
        async ({ gateway, world }: Site) => {
          const headers = await keyHeaders(world);
          await gateway.ask(headers);
          return () => gateway.ask(headers, options);
        },
      ]),
    ),
  ),
};
