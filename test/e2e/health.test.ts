import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { giveDatabaseBack, takeDatabaseAway } from '../support/database-outage.ts';
import { connect } from '../support/graphql-client.ts';
import { organizationId } from '../support/graphql-world.ts';
import { createKeyWorld, readSlot } from '../support/key-world.ts';
import { send } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/test-installation.ts';

const statusOf = async (server: TestServer, path: string) => (await send(`${server.url}${path}`)).status;

describe('health', () => {
  test('is 200 for a process that lives, and ready for one whose database answers', async () => {
    await using server = await startTestServer();
    const healthy = await send(`${server.url}/healthz`);
    const ready = await send(`${server.url}/readyz`);
    expect([healthy.status, JSON.parse(healthy.text)]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', process: 'ok', keyEncryptionKey: 'ok' } },
    ]);
  });

  test('is ready while every connection for requests is taken: decisions have their own', async () => {
    await using server = await startTestServer();
    const { pool } = server.services.database;
    const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    const answered = await statusOf(server, '/readyz');
    for (const client of taken) client.release();
    expect(answered).toBe(200);
  });

  test('is not ready while the database is gone, says nothing of it but INTERNAL, and recovers by itself', {
    timeout: 60_000,
  }, async () => {
    await using server = await startTestServer();
    const world = await createKeyWorld(server);
    const client = await connect(server.url, world.people.providerAdmin);
    await takeDatabaseAway(server);
    await expect.poll(() => statusOf(server, '/readyz'), { timeout: 10_000 }).toBe(503);
    expect(await statusOf(server, '/healthz')).toBe(200);
    const answer = await client.query('{ organizations { nodes { id } } }');
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
    expect(answer.text).not.toMatch(/database|connect|postgres|ECONN|test_/i);
    const login = await send(`${server.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"username":"a","password":"b"}',
    });
    expect([login.status, JSON.parse(login.text).code]).toEqual([500, 'INTERNAL']);
    await giveDatabaseBack(server);
    await expect.poll(() => statusOf(server, '/readyz'), { timeout: 10_000 }).toBe(200);
    await expect
      .poll(async () => (await client.query('{ organizations { totalCount } }')).at('organizations.totalCount'), {
        timeout: 5_000,
      })
      .toBe(2);
  });
});

describe('a request that waits for ever', () => {
  test('is refused as BUSY within half a minute, and has changed nothing', { timeout: 60_000 }, async () => {
    await using server = await startTestServer();
    const world = await createKeyWorld(server);
    const client = await connect(server.url, world.people.providerAdmin);
    const owner = new pg.Client({ connectionString: server.database.ownerUrl });
    await owner.connect();
    await owner.query('begin');
    await owner.query('select from api_key where organization_id = $1 for update', [world.organization.organizationId]);
    const startedAt = performance.now();
    const answer = await client.query(
      'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { userErrors { code } } }',
      {
        input: { organizationId: organizationId(world.organization) },
      },
    );
    const tookMs = performance.now() - startedAt;
    await owner.end();
    expect(tookMs).toBeLessThan(31_000);
    expect(answer.at('regenerateApiKey.userErrors')).toEqual([{ code: 'BUSY' }]);
    expect((await readSlot(world)).version).toBe(1);
  });
});
