import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ensureRuntimeLogin } from '../../src/database/runtime-login.ts';
import type { Check } from '../../src/doctor/finding.ts';
import { examineInstallation } from '../../src/doctor.ts';
import { interleave } from '../support/interleaved.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { startPgbouncer } from '../support/pgbouncer.ts';
import { leftBehind, settingsOfPolicies } from '../support/policy-settings.ts';
import { cloneTestDatabase } from '../support/test-database.ts';
import { openInstallationOn, startServerOn, testConfig } from '../support/test-installation.ts';
import { createTwentyTenants } from '../support/twenty-tenants.ts';

/** `npm run test:interleaved` asks for 10,000. */
const REQUESTS = Number(process.env['KEYWARD_INTERLEAVED'] ?? 800);
const SERVER_CONNECTIONS = 5;
const CLIENT_CONNECTIONS = 20;
const LONGEST_MS = 120_000;

test('the same through pgbouncer in transaction mode, which gives each transaction another connection', {
  timeout: LONGEST_MS,
}, async () => {
  await using database = await cloneTestDatabase();
  await using pooler = await startPgbouncer(await ensureRuntimeLogin(database.ownerUrl), SERVER_CONNECTIONS);
  await using server = await startServerOn(database, {
    logLevel: 'info',
    database: { kind: 'EXTERNAL', ownerUrl: database.ownerUrl, runtimeUrl: pooler.connectionString },
    databasePoolSize: CLIENT_CONNECTIONS,
    preparedStatements: false,
  });
  const tenants = await createTwentyTenants(server);
  const { foreign, lacking, ...counts } = await interleave(server, tenants, REQUESTS);
  console.info(`interleaved through pgbouncer: ${JSON.stringify(counts)}`);
  expect(foreign).toEqual([]);
  expect(lacking).toEqual([]);
  expect(counts.complete).toBeGreaterThan(REQUESTS / 2);
  const { pool } = server.services.database;
  const left = await leftBehind(pool, SERVER_CONNECTIONS, await settingsOfPolicies(database));
  expect(left).toEqual({ backends: SERVER_CONNECTIONS, settings: [], rowsSeen: 0 });
});

test('keyward doctor sees the keys of all tenants through it, as servers do, and says when no server could start', async () => {
  await using database = await cloneTestDatabase();
  await using pooler = await startPgbouncer(await ensureRuntimeLogin(database.ownerUrl), SERVER_CONNECTIONS);
  const keyEncryptionKey = randomBytes(32);
  {
    await using installation = await openInstallationOn(database, testConfig(database, { keyEncryptionKey }));
    await createKeyWorld({ ...installation, database });
  }
  const env = {
    DATABASE_URL: database.ownerUrl,
    KEYWARD_DATABASE_RUNTIME_URL: pooler.connectionString,
    KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey.toString('base64'),
  };
  const examine = async (more: Record<string, string>) => {
    const findings = await examineInstallation(() => readConfig({ ...env, ...more }));
    return (check: Check) => findings.filter((finding) => finding.check === check);
  };
  const [stored] = await database.query<{ count: number }>(
    'select ((select count(*) from data_key) + (select count(*) from signing_key where wrapped_private_key is not null))::int as count',
  );
  const right = await examine({ KEYWARD_PREPARED_STATEMENTS: 'off' });
  const message = expect.stringContaining(`all ${stored?.count} stored keys`);
  expect(right('keys')).toMatchObject([{ status: 'OK', message }]);

  const wrong = await examine({ KEYWARD_PREPARED_STATEMENTS: 'on' });
  expect(wrong('roles')).toContainEqual({
    check: 'roles',
    status: 'PROBLEM',
    message: expect.stringContaining('leads to a pooler'),
    advice: expect.stringContaining('KEYWARD_PREPARED_STATEMENTS'),
  });
});
