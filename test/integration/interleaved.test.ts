import { expect, test } from 'vitest';
import { interleave } from '../support/interleaved.ts';
import { leftBehind, settingsOfPolicies } from '../support/policy-settings.ts';
import { startTestServer } from '../support/test-installation.ts';
import { createTwentyTenants } from '../support/twenty-tenants.ts';

/** `npm run test:interleaved` asks for 10,000. */
const REQUESTS = Number(process.env['KEYWARD_INTERLEAVED'] ?? 800);
const CONNECTIONS = 5;
const LONGEST_MS = 120_000;

test(`${REQUESTS} interleaved requests of 20 tenants over 5 connections: no scope bleeds`, {
  timeout: LONGEST_MS,
}, async () => {
  await using server = await startTestServer({ logLevel: 'info', databasePoolSize: CONNECTIONS });
  const tenants = await createTwentyTenants(server);
  const { foreign, lacking, ...counts } = await interleave(server, tenants, REQUESTS);
  console.info(`interleaved: ${JSON.stringify(counts)}`);
  expect(foreign).toEqual([]);
  expect(lacking).toEqual([]);
  expect(counts.complete).toBeGreaterThan(REQUESTS / 2);
  const { pool } = server.services.database;
  const left = await leftBehind(pool, CONNECTIONS, await settingsOfPolicies(server.database));
  expect(left).toEqual({ backends: CONNECTIONS, settings: [], rowsSeen: 0 });
});
