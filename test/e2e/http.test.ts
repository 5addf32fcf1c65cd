import { describe, expect } from 'vitest';
import { bearer } from '../support/graphql-client.ts';
import { test as base, organizationId } from '../support/graphql-world.ts';
import { readSlot } from '../support/key-world.ts';
import { JSON_TYPE, post, send } from '../support/raw-http.ts';

const test = base.extend('token', ({ server, world }) => bearer(server.url, world.people.providerAdmin));

const QUERY = JSON.stringify({ query: '{ viewer { id } }' });
const REGENERATE = 'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { userErrors { code } } }';
const LEAK = /\n\s+at |node_modules|\/(work|src|home|tmp)\/|Unexpected token|position \d|SyntaxError/;

describe('a request that is no GraphQL', () => {
  const bodies = {
    'half a JSON': '{"query": "{ viewer { id } }", "secret": "Zq3vX9bK7mTw',
    'no JSON': 'Zq3vX9bK7mTw',
    nothing: '',
    'a number': '5',
    null: 'null',
    'a list': `[${QUERY}, ${QUERY}]`,
    'an empty object': '{}',
    'no query': '{"variables": {"newKey": "Zq3vX9bK7mTw"}}',
    'a query that is no text': '{"query": {"newKey": "Zq3vX9bK7mTw"}}',
    'variables that are no object': JSON.stringify({ query: '{ viewer { id } }', variables: 'Zq3vX9bK7mTw' }),
    'an operation name that is no text': JSON.stringify({
      query: '{ viewer { id } }',
      operationName: { a: 'Zq3vX9bK7mTw' },
    }),
    'extensions that are no object': JSON.stringify({ query: '{ viewer { id } }', extensions: 'Zq3vX9bK7mTw' }),
    'a poisoned prototype': '{"__proto__": {"query": "Zq3vX9bK7mTw"}, "query": "{ viewer { id } }"}',
  };
  test.for(Object.entries(bodies))(
    '%s is 400 VALIDATION_FAILED, and is not told again',
    async ([, body], { server, token }) => {
      const answer = await post(`${server.url}/graphql`, body, token);
      expect([answer.status, ...answer.codes]).toEqual([400, 'VALIDATION_FAILED']);
      expect(answer.text).not.toContain('Zq3vX9bK7mTw');
      expect(answer.text).not.toMatch(LEAK);
    },
  );

  test.for(['application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'as %s is 415',
    async (type, { server, token }) => {
      const answer = await post(`${server.url}/graphql`, QUERY, { ...token, 'content-type': type });
      expect([answer.status, ...answer.codes]).toEqual([415, 'VALIDATION_FAILED']);
    },
  );

  test('that is too large is 413 and changes nothing', async ({ server, world, token }) => {
    const variables = {
      input: { organizationId: organizationId(world.organization), idempotencyKey: 'x'.repeat(2 * 1024 * 1024) },
    };
    const answer = await post(`${server.url}/graphql`, JSON.stringify({ query: REGENERATE, variables }), token);
    expect([answer.status, ...answer.codes]).toEqual([413, 'VALIDATION_FAILED']);
    expect(answer.text).toContain('The body is too large. Send less at once.');
    expect((await readSlot(world)).version).toBe(1);
  });

  test.for([
    ['GET', '/'],
    ['POST', '/'],
    ['GET', '/graphql/'],
    ['PUT', '/graphql'],
    ['DELETE', '/graphql'],
    ['GET', '/auth/login'],
    ['GET', '/..%2f..%2fetc/passwd'],
    ['GET', '/%zz-Zq3vX9bK7mTw'],
    ['GET', '/Zq3vX9bK7mTw?key=Zq3vX9bK7mTw'],
  ] as const)('%s %s is 404 or 400, and is not told again', async ([method, path], { server, token }) => {
    const answer = await send(`${server.url}${path}`, {
      method,
      headers: { ...token, 'apollo-require-preflight': 'true' },
    });
    expect([400, 404]).toContain(answer.status);
    expect(JSON.parse(answer.text)).toMatchObject({ code: expect.stringMatching(/^(NOT_FOUND|VALIDATION_FAILED)$/) });
    expect(answer.text).not.toContain('Zq3vX9bK7mTw');
  });
});

describe("what a browser sends from somebody else's page", () => {
  test('is refused: a GET or a form-like POST without a header that needs a preflight', async ({ server, token }) => {
    const get = await send(`${server.url}/graphql?query=${encodeURIComponent('{ viewer { id } }')}`, {
      headers: token,
    });
    const plain = await post(`${server.url}/graphql`, QUERY, { ...token, 'content-type': 'text/plain' });
    expect([get.status, ...get.codes]).toEqual([400, 'VALIDATION_FAILED']);
    expect([400, 415]).toContain(plain.status);
    expect(`${get.text}${plain.text}`).not.toContain('"data"');
  });

  test('cannot be a mutation by GET, even with such a header', async ({ server, world, token }) => {
    const variables = JSON.stringify({ input: { organizationId: organizationId(world.organization) } });
    const query = new URLSearchParams({ query: REGENERATE, variables });
    const answer = await send(`${server.url}/graphql?${query}`, {
      headers: { ...token, 'apollo-require-preflight': 'true' },
    });
    expect(answer.status).toBe(405);
    expect(answer.codes).toEqual(['VALIDATION_FAILED']);
    expect((await readSlot(world)).version).toBe(1);
  });

  test('nor by GET under the name of an operation that there is not', async ({ server, world, token }) => {
    const variables = JSON.stringify({ input: { organizationId: organizationId(world.organization) } });
    const query = new URLSearchParams({
      query: REGENERATE.replace('mutation', 'mutation A'),
      variables,
      operationName: 'B',
    });
    const answer = await send(`${server.url}/graphql?${query}`, {
      headers: { ...token, 'apollo-require-preflight': 'true' },
    });
    expect([answer.status, ...answer.codes]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await readSlot(world)).version).toBe(1);
  });

  test('a query by GET with such a header is answered', async ({ server, token }) => {
    const url = `${server.url}/graphql?query=${encodeURIComponent('{ viewer { role } }')}`;
    const answer = await send(url, { headers: { ...token, 'apollo-require-preflight': 'true' } });
    expect(JSON.parse(answer.text)).toMatchObject({ data: { viewer: { role: 'PROVIDER_ADMIN' } } });
  });
});

describe('every answer', () => {
  test('has an x-request-id of its own', async ({ server, token }) => {
    const { url } = server;
    const answers = await Promise.all([
      post(`${url}/graphql`, QUERY, token),
      post(`${url}/graphql`, QUERY),
      post(`${url}/graphql`, '{', token),
      post(`${url}/graphql`, QUERY, { ...token, 'content-type': 'application/xml' }),
      post(`${url}/graphql`, 'x'.repeat(3_000_000), token),
      post(`${url}/auth/login`, '{}'),
      send(`${url}/healthz`),
      send(`${url}/readyz`),
      send(`${url}/nowhere`),
      send(`${url}/%zz`),
      send(`${url}/graphql`, { method: 'OPTIONS' }),
    ]);
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[0-9a-f-]{36}$/)));
    expect(new Set(ids).size).toBe(answers.length);
  });

  test('of a command carries the request id of its audit row, and not one that the client chose', async ({
    server,
    world,
    token,
  }) => {
    const variables = { input: { organizationId: organizationId(world.organization) } };
    const headers = { ...token, 'x-request-id': 'mine' };
    const answer = await post(`${server.url}/graphql`, JSON.stringify({ query: REGENERATE, variables }), headers);
    const id = answer.headers.get('x-request-id');
    expect(
      await server.database.query('select action, ip_address from audit_event where request_id = $1', [id]),
    ).toEqual([{ action: 'api_key.regenerate', ip_address: '127.0.0.1' }]);
  });
});

describe('without a token', () => {
  test.for([
    {},
    { authorization: '' },
    { authorization: 'Bearer ' },
    { authorization: 'Basic eDp5' },
    { authorization: 'Bearer a b' },
    { authorization: 'Bearer é' },
  ])('every query is 401 UNAUTHENTICATED, and so is the schema: %j', async (headers, { server }) => {
    for (const query of ['{ viewer { id } }', '{ __schema { types { name } } }', 'no query']) {
      const bytes = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Buffer.from(String(value)).toString('latin1')]),
      );
      const answer = await post(`${server.url}/graphql`, JSON.stringify({ query }), { ...JSON_TYPE, ...bytes });
      expect([answer.status, ...answer.codes]).toEqual([401, 'UNAUTHENTICATED']);
      expect(JSON.parse(answer.text).data).toBeUndefined();
    }
  });
});
