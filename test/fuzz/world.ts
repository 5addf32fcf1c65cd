import { isNonNullType } from 'graphql';
import { pino } from 'pino';
import { test as base } from 'vitest';
import type { Services } from '../../src/context.ts';
import { programSchema } from '../../src/graphql/schema.ts';
import { startServer } from '../../src/server.ts';
import { placeOf } from '../support/fixtures.ts';
import { type Client, clientWith } from '../support/graphql-client.ts';
import { organizationId, providerId } from '../support/graphql-world.ts';
import { addSandboxKey, disableByProvider } from '../support/key-states.ts';
import { createKeyWorld, type KeyWorld, type Person } from '../support/key-world.ts';
import { type Route, routesOf } from '../support/routes.ts';
import { basicOf, createTestServiceAccount } from '../support/service-accounts.ts';
import { tokenOfSession } from '../support/session.ts';
import { insertApiSession, insertAuthorizationServer } from '../support/tenant-rows/data-plane.ts';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { testConfig } from '../support/test-installation.ts';
import { operationsOf } from './documents.ts';
import { INPUTS_PER_WORLD, RUNS } from './settings.ts';
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
  /** What a gateway of the provider sends to say who it is. */
  readonly gateway: string;
}

const LIFETIME_SECONDS = 6 * 3600;

/** Something of every type that has an id of its own, so that ids of it are tried. Password hashing makes people dear. */
async function createThings(client: Client, { tenants, organization }: KeyWorld): Promise<void> {
  const [serviceProviderId, organizationIds] = [providerId(tenants.reseller), [organizationId(organization)]];
  const granteeServiceProviderId = providerId(tenants.foreignRoot);
  const expiresAt = new Date(Date.now() + 1e10).toISOString();
  const grant = { serviceProviderId, granteeServiceProviderId, organizationIds, role: 'PROVIDER_VIEWER', expiresAt };
  const permissions = ['apiKey:view'];
  const inputs = {
    CreateCustomRole: { serviceProviderId, name: 'Fuzzed', permissions },
    CreateServiceAccount: { serviceProviderId, name: 'Fuzzed', permissions },
    GrantDelegation: grant,
    CreateOrganizationGroup: { serviceProviderId, name: 'Fuzzed', organizationIds },
    SyncApiKey: { organizationIds, dryRun: true },
    CreateWebhookEndpoint: {
      serviceProviderId,
      name: 'Fuzzed',
      url: 'https://hooks.example.com/',
      events: ['api_key.added'],
    },
    CreateRotationPolicy: { serviceProviderId, name: 'Fuzzed', maximumAgeDays: 90, mode: 'NOTIFY' },
    CreateMailRecipient: { serviceProviderId, address: 'fuzzed@example.com', events: ['api_key.added'] },
  };
  for (const [name, input] of Object.entries(inputs)) {
    const field = name.charAt(0).toLowerCase() + name.slice(1);
    const answer = await client.query(
      `mutation ($input: ${name}Input!) { ${field}(input: $input) { userErrors { code } } }`,
      { input },
    );
    if (!answer.text.includes('"userErrors":[]')) throw new Error(`${field}: ${answer.text}`);
  }
}

const lists = operationsOf(programSchema(), 'query').filter(({ variables }) =>
  variables.every(({ type }) => !isNonNullType(type)),
);

/** Every id and cursor that some of the people are shown. */
async function readPool(clients: readonly Client[]): Promise<Pool> {
  const told = await Promise.all(clients.flatMap((client) => lists.map(({ document }) => client.query(document))));
  const texts = told.map(({ text }) => text).join('');
  const all = (field: RegExp) => [...new Set([...texts.matchAll(field)].map(([, value]) => value ?? ''))];
  return { ids: all(/"id":"([^"]+)"/g), cursors: all(/"endCursor":"([^"]+)"/g) };
}

async function createFuzzWorld(server: FuzzServer): Promise<FuzzWorld> {
  const world = await createKeyWorld(server);
  await addSandboxKey(world);
  await disableByProvider(world);
  const place = await placeOf(server.services, world.organization);
  await insertAuthorizationServer(server.database, place);
  await insertApiSession(server.database, place, world.people.orgAdmin.member.id);
  const tokens = await Promise.all(
    people.map((person) => tokenOfSession(server.services, world.people[person], LIFETIME_SECONDS)),
  );
  const clients = tokens.map((token) => clientWith(server.url, { authorization: `Bearer ${token}` }));
  const [providerAdmin, orgAdmin] = clients;
  if (providerAdmin === undefined || orgAdmin === undefined) throw new Error('unreachable');
  await createThings(providerAdmin, world);
  const { reseller } = world.tenants;
  const account = await createTestServiceAccount(server.services, world.providerAdmin, reseller, ['gateway:verify']);
  const { authorization: gateway } = basicOf(account);
  return { pool: await readPool([providerAdmin, orgAdmin]), tokens, gateway };
}

/** A test with a server for its file, and a way to tenants that are not worn out yet. */
export const test = base
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startFuzzServer();
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('nextWorld', { scope: 'file' }, ({ server }) => {
    let world: FuzzWorld | null = null;
    let inputs = 0;
    return async (): Promise<FuzzWorld> => {
      inputs += Math.min(RUNS, INPUTS_PER_WORLD);
      if (world !== null && inputs <= INPUTS_PER_WORLD) return world;
      inputs = Math.min(RUNS, INPUTS_PER_WORLD);
      world = await createFuzzWorld(server);
      return world;
    };
  });
