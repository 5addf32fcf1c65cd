import { createClient } from 'graphql-sse';
import { describe, expect } from 'vitest';
import { SESSION_COOKIE } from '../../src/http/session-cookie.ts';
import type { TestStaff } from '../support/fixtures.ts';
import { post } from '../support/raw-http.ts';
import { createTestServiceAccount, tokenOf } from '../support/service-accounts.ts';
import { tokenOfSession } from '../support/session.ts';
import { test, WATCH } from '../support/stream-world.ts';
import { codesIn, listen } from '../support/streams.ts';

describe('a listener', () => {
  test('that keeps to the protocol is told every state, and that there is no more', async ({
    server,
    world,
    operation,
    headersOf,
  }) => {
    const headers = await headersOf(world.people.providerAdmin);
    const client = createClient({ url: `${server.url}/graphql/stream`, headers, retryAttempts: 0 });
    const told: unknown[] = [];
    for await (const { data } of client.iterate({ query: WATCH, variables: { id: operation.id } })) {
      const { status, failure } = (data as { bulkOperation: { status: string; failure: string } }).bulkOperation;
      told.push(told.length === 0 ? status : [status, failure]);
      if (told.length === 1) await operation.say('going on');
      else if (status === 'PENDING') await operation.end();
    }
    expect(told).toEqual(['PENDING', ['PENDING', 'going on'], ['FAILED', 'going on']]);
  });

  test('in a browser subscribes by its cookie and an address', async ({ server, world, operation }) => {
    await operation.end();
    const token = await tokenOfSession(server.services, world.people.providerAdmin);
    const search = new URLSearchParams({ query: WATCH, variables: JSON.stringify({ id: operation.id }) });
    const ask = (site: string) =>
      fetch(`${server.url}/graphql/stream?${search}`, {
        headers: { cookie: `${SESSION_COOKIE}=${token}`, 'sec-fetch-site': site },
      });
    const answer = await ask('same-origin');
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await answer.text()).toMatch(/event: next\ndata: .*"FAILED".*\n\nevent: complete/);
    expect((await ask('cross-site')).status).toBe(401);
  });

  test('is told with its own eyes, whoever else listens to the same', async ({
    server,
    world,
    operation,
    headersOf,
  }) => {
    const ask = async (staff: TestStaff) => listen(server.url, await headersOf(staff), WATCH, { id: operation.id });
    const { foreignAdmin, providerAdmin, parentAdmin } = world.people;
    const [foreign, own, above] = [await ask(foreignAdmin), await ask(providerAdmin), await ask(parentAdmin)];
    expect(await foreign.rest()).toEqual([{ event: 'complete', data: null }]);
    for (const listener of [own, above]) {
      expect((await listener.next())?.data).toMatchObject({ data: { bulkOperation: { status: 'PENDING' } } });
      listener.hangUp();
    }
  });

  test('is told what is true when it is told, of all that the event leads to', async ({
    server,
    world,
    operation,
    headersOf,
  }) => {
    const headers = await headersOf(world.people.providerAdmin);
    const query = `subscription ($id: ID!) { bulkOperation(id: $id) { results { nodes { organization { name } } } } }`;
    const listener = await listen(server.url, headers, query, { id: operation.id });
    await listener.next();
    const { organizationId } = world.organization;
    await server.database.query(`update organization set name = 'Renamed', name_folded = $2 where id = $1`, [
      organizationId,
      `renamed ${organizationId}`,
    ]);
    await operation.say('going on');
    expect(JSON.stringify(await listener.next())).toContain('Renamed');
    listener.hangUp();
  });
});

describe('a stream is refused', () => {
  test('beyond twenty of one caller, which takes nothing from others', async ({
    server,
    world,
    operation,
    headersOf,
  }) => {
    const [own, others] = [await headersOf(world.people.providerAdmin), await headersOf(world.people.parentAdmin)];
    const ask = (headers: Record<string, string>) => listen(server.url, headers, WATCH, { id: operation.id });
    const open = await Promise.all(Array.from({ length: 20 }, () => ask(own)));
    expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
    const body = JSON.stringify({ query: WATCH, variables: { id: operation.id } });
    const refused = await post(`${server.url}/graphql/stream`, body, own);
    expect([refused.status, refused.codes]).toEqual([429, ['RATE_LIMITED']]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await ask(others);
    expect(other.status).toBe(200);
    open[0]?.hangUp();
    await expect.poll(async () => (await ask(own)).status).toBe(200);
    await operation.end();
  });

  test('when its document is, as a query is', async ({ server, world, operation, headersOf }) => {
    const headers = await headersOf(world.people.providerAdmin);
    const many = 'organizations(first: 200) { nodes { id } }';
    const cases = [
      [
        `subscription ($id: ID!) { bulkOperation(id: $id) { results(first: 200) { nodes { organization { serviceProvider { ${many} } } } } } }`,
        'QUERY_TOO_COMPLEX',
      ],
      ['subscription ($id: ID!) { bulkOperation(id: $id) { nothing } }', 'VALIDATION_FAILED'],
      ['subscription ($id: ID!, $more: Int!) { bulkOperation(id: $id) { id @skip(if: $more) } }', 'VALIDATION_FAILED'],
      [
        'subscription ($more: Int!) { bulkOperation(id: "x") { results(first: $more) { totalCount } } }',
        'VALIDATION_FAILED',
      ],
      ['subscription {', 'VALIDATION_FAILED'],
      ['mutation { cancelBulkOperation(id: "x") { userErrors { code } } }', 'VALIDATION_FAILED'],
      ['{ viewer { id } }', 'VALIDATION_FAILED'],
    ] as const;
    for (const [query, code] of cases) {
      const events = await (await listen(server.url, headers, query, { id: operation.id })).rest();
      expect([codesIn(events), events.at(-1)?.event], query).toEqual([[code], 'complete']);
    }
  });

  test('when it is none at all', async ({ server, world, headersOf }) => {
    const headers = await headersOf(world.people.providerAdmin);
    const bodies = [
      '{}',
      '[]',
      '{"query":1}',
      `{"query":"x","variables":[]}`,
      `{"query":"x","operationName":{}}`,
      '"x"',
    ];
    for (const body of bodies) {
      const answer = await post(`${server.url}/graphql/stream`, body, headers);
      expect([answer.status, answer.codes], body).toEqual([400, ['VALIDATION_FAILED']]);
    }
    const { status } = await fetch(`${server.url}/graphql/stream?query=x&variables=no`, { headers });
    expect(status).toBe(400);
    expect((await post(`${server.url}/graphql/stream`, '{}')).status).toBe(401);
  });

  test('without the permission, which is written down', async ({ server, world, operation }) => {
    const { services, database } = server;
    const account = await createTestServiceAccount(services, world.providerAdmin, world.tenants.reseller, [
      'audit:view',
    ]);
    const headers = { authorization: `Bearer ${await tokenOf(server.url, account)}` };
    const events = await (await listen(server.url, headers, WATCH, { id: operation.id })).rest();
    expect(codesIn(events)).toEqual(['FORBIDDEN']);
    const rows = await database.query(
      `select note from audit_event where actor_id = $1 and action = 'query.read' and result = 'FORBIDDEN'`,
      [account.id],
    );
    expect(rows).toEqual([{ note: 'bulkOperation' }]);
  });
});
