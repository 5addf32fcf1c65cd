import { test as base, expect } from 'vitest';
import { credentialsOf, openGateway } from '../support/gateways.ts';
import { bearer } from '../support/graphql-client.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { post, send } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/test-installation.ts';

const test = base.extend('served', async ({}, { onCleanup }) => {
  const server = await startTestServer({ slowStatementMs: 200 });
  onCleanup(() => server[Symbol.asyncDispose]());
  return { server, world: await createKeyWorld(server) };
});

interface Line {
  readonly msg: string;
  readonly statement?: string;
  readonly requestId?: string;
  readonly durationMs?: number;
  readonly job?: string;
}

function linesOf({ logLines }: TestServer): Line[] {
  return logLines.map((line) => JSON.parse(line) as Line);
}

test('every statement in the log names the request that it was for', async ({ served: { server, world } }) => {
  const { authorization } = await bearer(server.url, world.people.providerAdmin);
  const gateway = await openGateway(server, world.providerAdmin, world.tenants.reseller);
  const credentials = await credentialsOf(world);
  const statementsOf = async (request: Promise<{ readonly headers: Headers }>) => {
    const id = (await request).headers.get('x-request-id');
    const own = linesOf(server).filter(({ requestId, statement }) => requestId === id && statement !== undefined);
    return own.map(({ statement }) => statement);
  };
  const { username, password } = world.people.providerAdmin;
  const login = post(`${server.url}/auth/login`, JSON.stringify({ username, password }));
  expect(await statementsOf(login)).not.toEqual([]);
  const query = post(`${server.url}/graphql`, '{"query":"{ organizations { nodes { name } } }"}', { authorization });
  expect(await statementsOf(query)).toContain('fleet.page_NAME_ASC_rp');
  expect(await statementsOf(gateway.verify(credentials))).not.toEqual([]);
  const download = send(`${server.url}/audit/export?format=ndjson`, { headers: { authorization } });
  expect(await statementsOf(download)).not.toEqual([]);
  const job = ({ job, statement }: Line) => job !== undefined && statement !== undefined;
  await expect.poll(() => linesOf(server).filter(job).length).toBeGreaterThan(0);
  for (const { requestId } of linesOf(server).filter(job)) expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('a statement that waits for long is told with its name, its time and its request', async ({ served }) => {
  const { server, world } = served;
  const { authorization } = await bearer(server.url, world.people.providerAdmin);
  const locked = server.database.query('begin; lock table organization; select pg_sleep(0.6); commit');
  const held = () => server.database.query(`select 1 from pg_locks where mode = 'AccessExclusiveLock' and granted`);
  await expect.poll(async () => (await held()).length).toBeGreaterThan(0);
  const answer = await post(`${server.url}/graphql`, '{"query":"{ organizations { nodes { name } } }"}', {
    authorization,
  });
  await locked;
  expect(answer.status).toBe(200);
  const requestId = answer.headers.get('x-request-id');
  const slow = linesOf(server).filter((line) => line.msg === 'a statement took long' && line.requestId === requestId);
  expect(slow.map(({ statement }) => statement)).toEqual(['fleet.page_NAME_ASC_rp']);
  expect(slow[0]?.durationMs).toBeGreaterThanOrEqual(200);
});

test('an address that there is not is answered with where GraphQL is', async ({ served }) => {
  expect((await send(`${served.server.url}/nowhere`)).text).toContain('GraphQL is at /graphql');
});
