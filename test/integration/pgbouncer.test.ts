import { expect, test } from 'vitest';
import { ensureRuntimeLogin } from '../../src/database/runtime-login.ts';
import { interleave } from '../support/interleaved.ts';
import { startPgbouncer } from '../support/pgbouncer.ts';
import { leftBehind, settingsOfPolicies } from '../support/policy-settings.ts';
import { cloneTestDatabase } from '../support/test-database.ts';
import { startServerOn } from '../support/test-installation.ts';
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
