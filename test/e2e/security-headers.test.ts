import { test as base, describe, expect } from 'vitest';
import { bearer } from '../support/graphql-client.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { JSON_TYPE } from '../support/raw-http.ts';
import { sendBytes } from '../support/raw-socket.ts';
import { routesOf } from '../support/routes.ts';
import { startTestServer } from '../support/test-installation.ts';

const test = base
  .extend('started', { scope: 'file' }, async ({}, { onCleanup }) => {
    const started = await routesOf(() => startTestServer());
    onCleanup(() => started.server[Symbol.asyncDispose]());
    return started;
  })
  .extend('token', async ({ started: { server } }) => {
    const { people } = await createKeyWorld(server);
    return bearer(server.url, people.providerAdmin);
  });

const REQUIRED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
};
const FORBIDDEN = [
  'server',
  'x-powered-by',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'strict-transport-security', // over http it means nothing
];
/** What clients may keep: it is the same for everybody, and public. */
const PUBLIC = ['/.well-known/jwks.json', '/events/schemas'];

/** Everything that is wrong with the headers of an answer; empty when nothing is. */
function complaintsAbout(headers: Headers, url: string): string[] {
  const policy = headers.get('content-security-policy') ?? '';
  return [
    ...Object.entries(REQUIRED).filter(([name, value]) => headers.get(name) !== value),
    ...FORBIDDEN.filter((name) => headers.has(name)),
    ...["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"].filter((part) => !policy.includes(part)),
    ...(headers.get('cache-control') === 'no-store' || PUBLIC.includes(url) ? [] : ['cache-control']),
    ...(/^[0-9a-f-]{36}$/.test(headers.get('x-request-id') ?? '') ? [] : ['x-request-id']),
  ].map(String);
}

describe('the headers that keep a browser from guessing, framing, keeping and telling', () => {
  test('are on the answers of every route, whatever the method and whoever asks', async ({ started, token }) => {
    const { server, routes } = started;
    const complaints: unknown[] = [];
    for (const { method: own, url } of routes) {
      for (const method of new Set([own, 'GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE'])) {
        for (const headers of [{}, token]) {
          const address = `${server.url}${url.replace(/:\w+|\*/g, 'x')}`;
          const answer = await fetch(address, { method, headers, redirect: 'manual' });
          await answer.arrayBuffer();
          const found = complaintsAbout(answer.headers, url);
          if (found.length > 0) complaints.push({ method, url, status: answer.status, found });
        }
      }
    }
    expect(complaints).toEqual([]);
    expect(routes.map(({ url }) => url)).toEqual(expect.arrayContaining(['/graphql', '/healthz', '/auth/login']));
  });

  const query = (text: string) => `/graphql?query=${encodeURIComponent(text)}`;
  const preflight = { 'apollo-require-preflight': 'true' };
  const post = (body: string, headers: Record<string, string> = {}) => ({
    method: 'POST',
    body,
    headers: { ...JSON_TYPE, ...headers },
  });
  const cases: readonly (readonly [number, string, RequestInit])[] = [
    [200, query('{ viewer { id } }'), { headers: preflight }],
    [200, '/graphql', post('{"query":"{ viewer { id } }"}')],
    [400, '/graphql', post('{"query":"{ viewer { id } "}')],
    [400, '/graphql', post('{"query":')],
    [400, '/graphql', post('')],
    [400, query('{ viewer { id } }'), {}],
    [400, '/%zz', {}],
    [401, '/graphql', post('{"query":"{ viewer { id } }"}', { authorization: 'Bearer x' })],
    [401, '/auth/login', post('{"username":"nobody@keyward.test","password":"nothing"}')],
    [404, '/nowhere', {}],
    [404, '/graphql', { method: 'OPTIONS' }],
    [405, query('mutation { revealApiKey(input: { organizationId: "x" }) { keyString } }'), { headers: preflight }],
    [413, '/graphql', post('x'.repeat(3_000_000))],
    [415, '/graphql', post('<query/>', { 'content-type': 'application/xml' })],
  ];
  test.for(cases)('are on a %i of %s', async ([status, path, { headers, ...options }], { started, token }) => {
    const own = headers as Record<string, string> | undefined;
    const answer = await fetch(`${started.server.url}${path}`, { ...options, headers: { ...token, ...own } });
    expect(answer.status).toBe(status);
    expect(complaintsAbout(answer.headers, path)).toEqual([]);
  });

  const HOST = 'Host: keyward.test\r\nConnection: close';
  const malformed = {
    'no HTTP': [400, 'HELO keyward\r\n\r\n'],
    'an unknown method': [400, `GRAB / HTTP/1.1\r\n${HOST}\r\n\r\n`],
    'no host': [400, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    'a host that is none': [
      400,
      'POST /graphql HTTP/1.1\r\nHost: a b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    ],
    'a header without an end': [431, `GET / HTTP/1.1\r\n${HOST}\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`],
    'a length that is no number': [400, `POST /graphql HTTP/1.1\r\n${HOST}\r\nContent-Length: many\r\n\r\n`],
    'two lengths': [
      400,
      `POST /graphql HTTP/1.1\r\n${HOST}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    'a chunk that is none': [
      400,
      `POST /graphql HTTP/1.1\r\n${HOST}\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n`,
    ],
    'NUL in a header': [400, `GET / HTTP/1.1\r\n${HOST}\r\nx: a\0b\r\n\r\n`],
    'a bare address': [404, `GET http://keyward.test/nowhere HTTP/1.1\r\n${HOST}\r\n\r\n`],
  } as const;
  test.for(Object.entries(malformed))('are on the answer to %s', async ([, [status, bytes]], { started }) => {
    const answer = await sendBytes(started.server.url, bytes);
    expect(answer?.status).toBe(status);
    expect(complaintsAbout(answer?.headers ?? new Headers(), '')).toEqual([]);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({
      code: expect.stringMatching(/^(VALIDATION_FAILED|NOT_FOUND)$/),
    });
  });

  test('are on the answer to an old client, which names no host', async ({ started, token }) => {
    const asks = {
      '/readyz': '',
      '/graphql?query={viewer{role}}': `apollo-require-preflight: x\r\nauthorization: ${token.authorization}\r\n`,
    };
    for (const [path, headers] of Object.entries(asks)) {
      const answer = await sendBytes(started.server.url, `GET ${path} HTTP/1.0\r\n${headers}\r\n`);
      expect(answer?.status).toBe(200);
      expect(complaintsAbout(answer?.headers ?? new Headers(), path)).toEqual([]);
    }
  });

  test('are on an expectation that cannot be met', async ({ started }) => {
    const answer = await sendBytes(started.server.url, `POST /graphql HTTP/1.1\r\n${HOST}\r\nExpect: x\r\n\r\n`);
    expect(answer?.status).toBe(417);
    expect(answer?.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

test('are on a 500 and a 503 too, which say nothing of the inside', async () => {
  await using server = await startTestServer();
  const { people } = await createKeyWorld(server);
  const token = await bearer(server.url, people.providerAdmin);
  await server.database.query('update pg_database set datallowconn = false where datname = current_database()');
  await server.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'keyward'`,
  );
  await expect.poll(() => server.services.database.pool.totalCount).toBe(0); // what is lost is noticed
  const body = JSON.stringify({ query: '{ organizations { totalCount } }' });
  const answers = await Promise.all([
    fetch(`${server.url}/graphql`, { method: 'POST', body, headers: { ...JSON_TYPE, ...token } }),
    fetch(`${server.url}/auth/login`, { method: 'POST', body, headers: JSON_TYPE }),
    fetch(`${server.url}/readyz`),
  ]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([500, 503]));
  for (const answer of answers) {
    expect(complaintsAbout(answer.headers, '')).toEqual([]);
    expect(await answer.text()).not.toMatch(/pool|\bat |node_modules|select/i);
  }
});

test('where clients come by https, they are told to keep to it', async () => {
  await using server = await startTestServer({ publicUrl: 'https://keyward.example' });
  for (const path of ['/healthz', '/nowhere', '/%zz'])
    expect((await fetch(`${server.url}${path}`)).headers.get('strict-transport-security')).toBe('max-age=31536000');
});
