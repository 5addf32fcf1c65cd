import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { connect, logIn } from '../support/graphql-client.ts';
import {
  type DemoUser,
  readCredentials,
  runKeyward,
  startKeyward,
  temporaryDirectory,
} from '../support/keyward-process.ts';
import { cloneTestDatabase } from '../support/test-database.ts';

const key = () => randomBytes(32).toString('base64');

function provider(users: readonly DemoUser[]): DemoUser {
  const found = users.find((user) => user.role === 'PROVIDER_ADMIN');
  if (found === undefined) throw new Error('no provider admin');
  return found;
}

describe('the first start', () => {
  test('fills in a fleet that one can sign in to; the second keeps what was changed; Ctrl-C ends both in good order', async () => {
    await using directory = await temporaryDirectory();
    const env = { KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()), KEYWARD_LOG_LEVEL: 'info' };
    const first = await startKeyward(env);
    const { users, url } = await readCredentials(directory.path);
    expect(url).toBe(`http://localhost:${env.PORT}`);
    expect((await stat(join(directory.path, 'demo-credentials.json'))).mode & 0o777).toBe(0o600);
    expect(first.output()).toContain('demo-credentials.json');
    for (const { password } of users) expect(first.output()).not.toContain(password);
    const roles =
      'PLATFORM_ADMIN PLATFORM_SUPPORT PROVIDER_ADMIN PROVIDER_SUPPORT PROVIDER_VIEWER ORG_ADMIN ORG_VIEWER';
    expect(new Set(users.map((user) => user.role))).toEqual(new Set(roles.split(' ')));
    const client = await connect(first.url, provider(users));
    const own = await client.query('{ viewer { serviceProvider { id } } }');
    const created = await client.query(
      `mutation ($id: ID!) { createOrganization(input: { serviceProviderId: $id, name: "Kept over the restart" }) { organization { id } } }`,
      { id: own.at('viewer.serviceProvider.id') },
    );
    expect(await first.stop('SIGINT')).toBe(0);
    // What is said to people, such as that it is ready, is on the other stream.
    expect(first.log()).not.toEqual([]);
    expect(first.log().filter((line) => !line.startsWith('{"level":'))).toEqual([]);
    expect(first.output()).toContain('Stopping ...');

    const second = await startKeyward(env);
    const again = await connect(second.url, provider(users));
    const kept = await again.query('query ($id: ID!) { organization(id: $id) { name } }', {
      id: created.at('createOrganization.organization.id'),
    });
    expect(kept.at('organization.name')).toBe('Kept over the restart');
    expect(await second.stop('SIGTERM')).toBe(0);
  });
});

describe('a running server', () => {
  test('answers what is in flight before it stops', async () => {
    await using directory = await temporaryDirectory();
    const server = await startKeyward({ KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()) });
    const { username, password } = provider((await readCredentials(directory.path)).users);
    // Each takes some fifty milliseconds of hashing: when the first is answered, the others are under way.
    const logins = Array.from({ length: 8 }, () => logIn(server.url, username, password));
    await Promise.race(logins);
    const stopped = server.stop('SIGTERM');
    expect((await Promise.all(logins)).map((login) => login.status)).toEqual(Array(8).fill(200));
    expect(await stopped).toBe(0);
  });

  test('lets its fleet be grown beside it, and keeps a second server out of its data', async () => {
    await using directory = await temporaryDirectory();
    const env = { KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()) };
    const server = await startKeyward(env);
    const grown = await runKeyward(['seed', '--organizations', '400'], env);
    expect(grown).toMatchObject({ code: 0 });
    const platform = (await readCredentials(directory.path)).users.find((user) => user.role === 'PLATFORM_ADMIN');
    const client = await connect(server.url, platform ?? { username: '', password: '' });
    expect((await client.query('{ organizations(first: 1) { totalCount } }')).at('organizations.totalCount')).toBe(400);
    const other = await runKeyward(['serve'], { ...env, PORT: String(await freePort()) });
    expect(other).toMatchObject({ code: 1, output: expect.stringContaining('Another Keyward') });
    await server.stop('SIGTERM');
  });
});

describe('what is set wrong is one clear line and exit code 1', () => {
  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, output } = await runKeyward(['serve'], env);
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toMatch(/\bat .*:\d+:\d+/);
    return output;
  }

  test('a busy port', async () => {
    await using directory = await temporaryDirectory();
    const busy = createServer().listen(0, 'localhost');
    await once(busy, 'listening');
    const address = busy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await refusal({ KEYWARD_DATA_DIR: directory.path, PORT: String(port) })).toContain('set PORT');
    busy.close();
  });

  test('a previous key encryption key without the one that follows it', async () => {
    await using database = await cloneTestDatabase();
    const env = { DATABASE_URL: database.ownerUrl, KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY: key() };
    expect(await refusal(env)).toContain('without KEYWARD_KEY_ENCRYPTION_KEY');
  });

  test('a database that cannot be reached, without its password', async () => {
    const url = `postgres://owner:s3cret-word@127.0.0.1:${await freePort()}/keyward`;
    const output = await refusal({ DATABASE_URL: url, KEYWARD_KEY_ENCRYPTION_KEY: key() });
    expect(output).toContain('127.0.0.1');
    expect(output).not.toContain('s3cret-word');
  });

  test('a key encryption key that is not the one of the database', async () => {
    await using database = await cloneTestDatabase();
    const env = { DATABASE_URL: database.ownerUrl, PORT: String(await freePort()) };
    expect((await runKeyward(['migrate'], { ...env, KEYWARD_KEY_ENCRYPTION_KEY: key() })).code).toBe(0);
    expect(await refusal({ ...env, KEYWARD_KEY_ENCRYPTION_KEY: key() })).toContain('key encryption key');
  });

  test('a runtime login that cannot connect, without its password', async () => {
    await using database = await cloneTestDatabase();
    const runtimeUrl = `postgres://nobody:s3cret-word@127.0.0.1:${await freePort()}/keyward`;
    const output = await refusal({
      DATABASE_URL: database.ownerUrl,
      KEYWARD_DATABASE_RUNTIME_URL: runtimeUrl,
      KEYWARD_KEY_ENCRYPTION_KEY: key(),
    });
    expect(output).toContain('KEYWARD_DATABASE_RUNTIME_URL');
    expect(output).not.toContain('s3cret-word');
  });

  test('a database written by a newer version', async () => {
    await using database = await cloneTestDatabase();
    await database.query(`insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
      values (gen_random_uuid(), 'x', '20991231000000_from_the_future', now(), 1)`);
    const output = await refusal({ DATABASE_URL: database.ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: key() });
    expect(output).toContain('newer version');
  });

  test('a setting that cannot be right, without its value', async () => {
    const output = await refusal({ KEYWARD_KEY_ENCRYPTION_KEY: 'too-short' });
    expect(output).toContain('KEYWARD_KEY_ENCRYPTION_KEY');
    expect(output).not.toContain('too-short');
  });
});

test('an external database is not seeded, and its first administrator is made by a command', async () => {
  await using database = await cloneTestDatabase();
  const env = { DATABASE_URL: database.ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: key(), PORT: String(await freePort()) };
  const made = await runKeyward(['create-admin', '--username', 'root@example.com'], env);
  expect(made.code).toBe(0);
  const password = /Password:\s+(\S+)/.exec(made.output)?.[1] ?? '';
  const server = await startKeyward(env);
  const client = await connect(server.url, { username: 'root@example.com', password });
  const answer = await client.query('{ viewer { role } serviceProviders { totalCount } }');
  expect(answer.at('viewer.role')).toBe('PLATFORM_ADMIN');
  expect(answer.at('serviceProviders.totalCount')).toBe(0);
  await server.stop('SIGTERM');
});
