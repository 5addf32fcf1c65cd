import { expect } from 'vitest';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { freePort } from '../support/free-port.ts';
import { type Client, connect } from '../support/graphql-client.ts';
import { insertKeyedFleet } from '../support/keyed-fleet.ts';
import { type KeywardProcess, runKeyward, startKeyward, temporaryDirectory } from '../support/keyward-process.ts';
import { send } from '../support/raw-http.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { openInstallationOn } from '../support/test-installation.ts';
import { test as base, KEY } from '../support/unserved-world.ts';

/** More than are done while the caller waits. */
const SIZE = 1200;

const test = base.extend('fleet', async ({ database, world }): Promise<OrganizationRef[]> => {
  await using installation = await openInstallationOn(database, { keyEncryptionKey: KEY });
  return await insertKeyedFleet(installation.services, database.query, world.tenants.reseller, SIZE);
});

async function start({ ownerUrl }: TestDatabase, role: string): Promise<AsyncDisposable & KeywardProcess> {
  const env = {
    DATABASE_URL: ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: KEY.toString('base64'),
    PORT: `${await freePort()}`,
  };
  const server = await startKeyward(env, ['--role', role]);
  const stop = async () => expect(await server.stop('SIGTERM')).toBe(0);
  return { ...server, [Symbol.asyncDispose]: stop };
}

async function startSync(client: Client, fleet: readonly OrganizationRef[], newKey: string): Promise<string> {
  const answer = await client.query(
    `mutation ($input: SyncApiKeyInput!) { syncApiKey(input: $input) { operation { id status } userErrors { code } } }`,
    { input: { organizationIds: fleet.map(idOf), newKey, atomicity: 'PER_ORGANIZATION' } },
  );
  expect(answer.at('syncApiKey')).toMatchObject({ operation: { status: 'PENDING' }, userErrors: [] });
  return String(answer.at('syncApiKey.operation.id'));
}

function idOf({ rootProviderId, organizationId }: OrganizationRef): string {
  return encodeGlobalId('Organization', rootProviderId, organizationId);
}

async function operationOf(client: Client, id: string) {
  const answer = await client.query('query ($id: ID!) { bulkOperation(id: $id) { status total changed processed } }', {
    id,
  });
  return answer.at('bulkOperation');
}

/** What only the background does. */
async function tracesOfWork({ query }: TestDatabase) {
  const [traces] = await query<Record<'scheduled' | 'sealed' | 'jobs' | 'queues', number>>(
    `select (select count(*)::int from scheduled_job) as scheduled, (select count(*)::int from audit_link) as sealed,
       (select count(*)::int from graphile_worker.jobs) as jobs,
       (select count(*)::int from pg_stat_activity
         where datname = current_database() and application_name = 'keyward jobs') as queues`,
  );
  if (traces === undefined) throw new Error('counts have a row');
  return traces;
}

const done = { status: 'SUCCEEDED', total: SIZE, changed: SIZE, processed: SIZE };

test('an api process leaves the work to a worker, which answers nobody but those who watch it', async ({
  database,
  world,
  fleet,
}) => {
  await using api = await start(database, 'api');
  const client = await connect(api.url, world.people.providerAdmin);
  const id = await startSync(client, fleet, 'abcDEF123456');
  // An `all` process had done each of these before it was ready, or within the second that signing in here takes.
  expect(await tracesOfWork(database)).toEqual({ scheduled: 0, sealed: 0, jobs: 0, queues: 0 });
  expect(await operationOf(client, id)).toMatchObject({ status: 'PENDING', processed: 0 });

  await using worker = await start(database, 'worker');
  expect(worker.output()).toContain(`${new URL(worker.url).port}/readyz`);
  await expect.poll(() => operationOf(client, id), { timeout: 20_000 }).toEqual(done);
  const isAtWork = async () => {
    const { scheduled, sealed } = await tracesOfWork(database);
    return scheduled > 0 && sealed > 0;
  };
  await expect.poll(isAtWork).toBe(true);
  const statusOf = async (path: string, method = 'GET') => (await send(`${worker.url}${path}`, { method })).status;
  expect(await statusOf('/healthz')).toBe(200);
  expect(await statusOf('/readyz')).toBe(200);
  for (const path of ['/', '/graphql', '/openapi.json', '/.well-known/jwks.json'])
    expect(await statusOf(path)).toBe(404);
  for (const path of ['/graphql', '/auth/login', '/v1/keys/verify']) expect(await statusOf(path, 'POST')).toBe(404);
  expect((await send(`${worker.url}/nowhere`)).text).not.toContain('graphql');
});

test('jobs run once, however many processes there are', { timeout: 60_000 }, async ({ database, world, fleet }) => {
  await using api = await start(database, 'api');
  await using _one = await start(database, 'worker');
  await using _other = await start(database, 'worker');
  await using all = await start(database, 'all');
  const clients = await Promise.all([api, all].map(({ url }) => connect(url, world.people.providerAdmin)));
  // One after the other: two at once over the same organizations would refuse each other.
  for (const [index, client] of [...clients, ...clients].entries()) {
    const id = await startSync(client, fleet, `abcDEF12345${index}`);
    await expect.poll(() => operationOf(client, id), { timeout: 20_000 }).toEqual(done);
  }
  const rows = await database.query(
    `select action, count(*)::int as count from audit_event where action in ('api_key.sync', 'bulk_operation.finish')
     group by action order by action`,
  );
  expect(rows).toEqual([
    { action: 'api_key.sync', count: 4 * SIZE },
    { action: 'bulk_operation.finish', count: 4 },
  ]);
});

test('a role needs a database that processes share, and must be one', async () => {
  await using directory = await temporaryDirectory();
  const env = { KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()) };
  const alone = await runKeyward(['serve', '--role', 'worker'], env);
  expect(alone).toMatchObject({ code: 1, output: expect.stringMatching(/^keyward: .*set DATABASE_URL.*\n$/) });
  const unknown = await runKeyward(['serve', '--role', 'queen'], env);
  expect(unknown).toMatchObject({ code: 1, output: expect.stringContaining('api, worker') });
});
