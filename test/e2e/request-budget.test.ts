import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, vi } from 'vitest';
import { RequestBudget } from '../../src/authentication/request-budget.ts';
import { createLog } from '../../src/log.ts';
import { startServer } from '../../src/server.ts';
import { createStaff } from '../support/fixtures.ts';
import { bearer, clientWith, connect } from '../support/graphql-client.ts';
import { test as base } from '../support/graphql-world.ts';
import { send } from '../support/raw-http.ts';
import { startTestServer } from '../support/test-installation.ts';

const MOST = 5;
/** A server whose people have little to spend. */
const test = base.extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
  const server = await startTestServer({ requestsPerMinute: MOST });
  onCleanup(() => server[Symbol.asyncDispose]());
  return server;
});

const QUERY = '{ viewer { role } }';

test('beyond their budget an actor is told RATE_LIMITED and when to try again, and nothing is run', async ({
  server,
  world,
}) => {
  const token = await bearer(server.url, world.people.providerAdmin);
  const ask = () =>
    send(`${server.url}/graphql?query=${encodeURIComponent(QUERY)}`, {
      headers: { ...token, 'apollo-require-preflight': 'true' },
    });
  for (let count = 0; count < MOST; count++) expect((await ask()).status).toBe(200);
  const answer = await ask();
  expect([answer.status, ...answer.codes]).toEqual([429, 'RATE_LIMITED']);
  const { data, errors } = JSON.parse(answer.text) as {
    data?: unknown;
    errors: [{ message: string; extensions: { retryAfterSeconds: number } }];
  };
  const { retryAfterSeconds } = errors[0].extensions;
  expect(data).toBeUndefined();
  expect(retryAfterSeconds).toBeGreaterThan(0);
  expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  expect(answer.headers.get('retry-after')).toBe(String(retryAfterSeconds));
  expect(errors[0].message).toContain(`Wait ${retryAfterSeconds} s`);
});

test('all tokens of an actor draw on one budget, and nobody on that of another', async ({ server, world }) => {
  const colleague = await createStaff(server.services, 'PROVIDER_ADMIN', world.tenants.reseller);
  const own = await bearer(server.url, world.people.providerAdmin);
  const second = await connect(server.url, world.people.providerAdmin);
  const flood = await Promise.all(Array.from({ length: 40 }, () => clientWith(server.url, own).query(QUERY)));
  expect(flood.filter(({ status }) => status === 200)).toHaveLength(MOST);
  expect((await second.query(QUERY)).status).toBe(429);
  for (const staff of [colleague, world.people.orgAdmin])
    expect((await (await connect(server.url, staff)).query(QUERY)).status).toBe(200);
});

test('one budget is for all routes, and a route that is no GraphQL says the same', async ({ server, world }) => {
  const headers = await bearer(server.url, world.people.providerAdmin);
  for (let count = 0; count < MOST; count++) await clientWith(server.url, headers).query(QUERY);
  const answer = await send(`${server.url}/audit/export?format=csv`, { headers });
  expect([answer.status, ...answer.codes]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('requests without a token, or with one that holds for nobody, cost nobody anything', async ({ server, world }) => {
  for (const authorization of ['', 'Bearer a.b.c']) {
    const stranger = clientWith(server.url, { authorization });
    for (let count = 0; count < MOST + 2; count++) expect((await stranger.query(QUERY)).status).toBe(401);
  }
  expect((await (await connect(server.url, world.people.siblingAdmin)).query(QUERY)).status).toBe(200);
});

test('one budget is for all servers of the database', async ({ server, world }) => {
  const other = await startServer(server.config, createLog('silent'));
  const own = await bearer(server.url, world.people.providerAdmin);
  const here = clientWith(server.url, own);
  for (let count = 0; count < MOST; count++) expect((await here.query(QUERY)).status).toBe(200);
  const there = clientWith(`http://127.0.0.1:${other.port}`, own);
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return (await there.query(QUERY)).status;
  };
  await expect.poll(ask, { interval: 1200, timeout: 10_000 }).toBe(429);
  expect(asked).toBeLessThanOrEqual(MOST); // so it was not for what it had asked itself
  await other.stop();
});

test('a server that waits for the database tells the others of no request twice', async ({ server }) => {
  const budget = new RequestBudget(server.services.database, 100);
  const actor = randomUUID();
  const take = () => budget.take(actor, new Date());
  const holder = new pg.Client({ connectionString: server.database.ownerUrl });
  await holder.connect();
  await holder.query('begin; lock table rate_limit in exclusive mode');
  const told = async () => {
    const rows = await server.database.query<{ points: number }>('select points from rate_limit where key = $1', [
      `request_budget:${actor}`,
    ]);
    return rows[0]?.points;
  };
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  for (let time = 0; time < 3; time++) {
    take();
    vi.advanceTimersByTime(1000);
  }
  vi.useRealTimers();
  await holder.query('commit');
  await holder.end();
  await expect.poll(told).toBe(1); // the first was told, the others wait for the next time
  take();
  await expect.poll(told, { timeout: 5000 }).toBe(4);
});
