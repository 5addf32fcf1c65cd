import { pino } from 'pino';
import { test as base } from 'vitest';
import { signAccessToken } from '../../src/authentication/access-token.ts';
import { beginSession } from '../../src/authentication/begin-session.ts';
import type { Services } from '../../src/context.ts';
import { startServer } from '../../src/server.ts';
import type { TestStaff } from '../support/fixtures.ts';
import { clientWith } from '../support/graphql-client.ts';
import { addSandboxKey, disableByProvider } from '../support/key-states.ts';
import { createKeyWorld, type Person } from '../support/key-world.ts';
import { type Route, routesOf } from '../support/routes.ts';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testConfig } from '../support/test-installation.ts';
import type { Pool } from './values.ts';

export interface FuzzServer extends AsyncDisposable {
  readonly url: string;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly routes: readonly Route[];
  /** What was logged as an error or worse, and warnings: empty in the end. */
  readonly complaints: readonly string[];
}

/** A server that keeps of its log only what should not be there. */
async function startFuzzServer(): Promise<FuzzServer> {
  const database = await cloneTestDatabase();
  const complaints: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => complaints.push(line) });
  const config = testConfig(database, { requestsPerMinute: 1_000_000_000, logLevel: 'warn' });
  const { server, routes } = await routesOf(() => startServer(config, log));
  return {
    url: `http://127.0.0.1:${server.port}`,
    services: server.services,
    database,
    routes,
    complaints,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

const people = [
  'providerAdmin',
  'orgAdmin',
  'platformAdmin',
  'orgViewer',
  'parentAdmin',
  'foreignAdmin',
] as const satisfies Person[];
/** Tenants, and tokens of some of their people. Fuzzing wears them out: keys vanish, people are deactivated. */
export interface FuzzWorld {
  readonly pool: Pool;
  readonly tokens: readonly string[];
}

const LIFETIME_SECONDS = 6 * 3600;

async function tokenOf(services: Services, { member, actor }: TestStaff): Promise<string> {
  const now = new Date();
  const claims = await services.database.withTransaction(actor.scope, (tx) =>
    beginSession(tx, member, now, LIFETIME_SECONDS),
  );
  return signAccessToken(services.signingKeys, claims, now, LIFETIME_SECONDS);
}

const EVERYTHING = `{
  viewer { id }
  serviceProviders(first: 30) { nodes { id } pageInfo { endCursor } }
  organizations(first: 30) { nodes { id apiKey { id } sandbox: apiKey(kind: SANDBOX_SUBMISSION) { id } subscription { id } } pageInfo { endCursor } }
  auditEvents(first: 30) { nodes { id actor { id } } pageInfo { endCursor } }
}`;

export async function createFuzzWorld(server: FuzzServer): Promise<FuzzWorld> {
  const world = await createKeyWorld(server);
  await addSandboxKey(world);
  await disableByProvider(world);
  const tokens = await Promise.all(people.map((person) => tokenOf(server.services, world.people[person])));
  const told = await Promise.all(
    tokens.slice(0, 3).map((token) => clientWith(server.url, { authorization: `Bearer ${token}` }).query(EVERYTHING)),
  );
  const texts = told.map(({ text }) => text).join('');
  const all = (field: string) => [
    ...new Set([...texts.matchAll(new RegExp(`"${field}":"([^"]+)"`, 'g'))].map(([, id]) => id ?? '')),
  ];
  return { pool: { ids: all('id'), cursors: all('endCursor') }, tokens };
}

/** A test with a server for its file. */
export const test = base.extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
  const server = await startFuzzServer();
  onCleanup(() => server[Symbol.asyncDispose]());
  return server;
});
