import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import type { LoadCall } from './failover-load.ts';
import { createTestOrganization } from './fixtures.ts';
import { freePort } from './free-port.ts';
import { credentialsOf, gatewayWith, globalIdOf, openGateway, type TestGateway } from './gateways.ts';
import { bearer, type Client, clientWith } from './graphql-client.ts';
import type { HaCluster } from './ha-cluster.ts';
import { createKeyWorld } from './key-world.ts';
import { type KeywardProcess, startKeyward } from './keyward-process.ts';
import { openInstallationOn } from './test-installation.ts';

const CLIENTS_FOR_MUTATIONS = 6;
const SIZE_OF_OPERATION = 20;
const REVOCATIONS = 3;
/** As long as whoever stops a process is told to wait until SIGKILL. */
const LONGEST_STOP_MS = 40_000;

export interface Credentials {
  readonly organization: string;
  readonly key: string;
}

/** Two processes over the cluster, and what is asked of them. */
export interface HaWorld extends AsyncDisposable {
  /** What the processes were started with, but for their port. */
  readonly settings: Readonly<Record<string, string>>;
  readonly servers: readonly [KeywardProcess, KeywardProcess];
  readonly clients: readonly [Client, Client];
  readonly gateways: readonly [TestGateway, TestGateway];
  readonly read: LoadCall;
  readonly decision: LoadCall;
  /** One for each client, over an organization of its own. */
  readonly mutations: readonly LoadCall[];
  /** What each of them changes. */
  readonly organizations: readonly OrganizationRef[];
  /** Keys that work until they are disabled. */
  readonly revocable: readonly Credentials[];
  /** Those that an operation of many organizations is about. */
  readonly many: readonly string[];
  /** Whose calls are counted. */
  readonly counted: OrganizationRef;
}

export async function openHaWorld(cluster: HaCluster): Promise<HaWorld> {
  await using cleanup = new AsyncDisposableStack();
  const keyEncryptionKey = randomBytes(32);
  const settings = { ...cluster.settings, KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey.toString('base64') };
  const start = async () => {
    const server = await startKeyward({ ...settings, PORT: String(await freePort()) });
    cleanup.defer(async () => {
      const stopped = await Promise.race([server.stop('SIGTERM'), wait(LONGEST_STOP_MS, 'LATE', { ref: false })]);
      if (stopped === 'LATE') await server.stop('SIGKILL');
      await keepOutput(server);
      if (stopped !== 0) throw new Error(`a process ended with ${stopped}`);
    });
    return server;
  };
  const servers = [await start(), await start()] as const;
  const runtimeUrl = cluster.settings['KEYWARD_DATABASE_RUNTIME_URL'] ?? '';
  await using installation = await openInstallationOn(cluster.database, {
    keyEncryptionKey,
    logLevel: 'warn',
    preparedStatements: false,
    database: { kind: 'EXTERNAL', ownerUrl: cluster.database.ownerUrl, runtimeUrl },
  });
  const world = await createKeyWorld(installation);
  const { services } = installation;
  const another = () => createTestOrganization(services, world.people.platformAdmin, world.tenants.reseller);
  const severally = (size: number) => Promise.all(Array.from({ length: size }, another));
  const organizations = await severally(CLIENTS_FOR_MUTATIONS);
  const many = await severally(SIZE_OF_OPERATION);
  const { token } = await openGateway({ url: servers[0].url, services }, world.providerAdmin, world.tenants.reseller);
  const authorization = await bearer(servers[0].url, world.people.providerAdmin);
  const revocable = await Promise.all(
    (await severally(REVOCATIONS)).map((organization) => credentialsOf({ ...world, organization })),
  );
  const kept = cleanup.move();
  return {
    settings,
    servers,
    clients: [clientWith(servers[0].url, authorization), clientWith(servers[1].url, authorization)],
    gateways: [gatewayWith(servers[0].url, token), gatewayWith(servers[1].url, token)],
    read: readOver(authorization),
    decision: decisionWith(token, await credentialsOf(world)),
    mutations: organizations.map((organization) => mutationOver(authorization, organization)),
    organizations,
    revocable,
    many: many.map(globalIdOf),
    counted: world.organization,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Where somebody wants to read it. */
async function keepOutput(server: KeywardProcess): Promise<void> {
  const folder = process.env['KEYWARD_HA_LOGS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `keyward-${new URL(server.url).port}.out`), server.output());
}

const JSON_TYPE = { 'content-type': 'application/json' };

interface GraphqlBody {
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  readonly data?: Readonly<Record<string, { readonly userErrors?: readonly { readonly code: string }[] } | null>>;
}

function outcomeOfGraphql(status: number, text: string): string {
  if (status !== 200) return String(status);
  const { errors, data } = JSON.parse(text) as GraphqlBody;
  const refusals = Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
  return errors?.[0]?.extensions.code ?? refusals[0]?.code ?? 'OK';
}

function readOver(headers: Readonly<Record<string, string>>): LoadCall {
  const query = '{ organizations(first: 10) { nodes { id name apiKey { status maskedKey } } } }';
  const body = JSON.stringify({ query });
  return { path: '/graphql', headers: { ...JSON_TYPE, ...headers }, body: () => body, outcomeOf: outcomeOfGraphql };
}

function mutationOver(headers: Readonly<Record<string, string>>, organization: OrganizationRef): LoadCall {
  const query =
    'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { apiKey { version } userErrors { code } } }';
  const organizationId = encodeGlobalId('Organization', organization.rootProviderId, organization.organizationId);
  return {
    path: '/graphql',
    headers: { ...JSON_TYPE, ...headers },
    body: (idempotencyKey) => JSON.stringify({ query, variables: { input: { organizationId, idempotencyKey } } }),
    outcomeOf: outcomeOfGraphql,
  };
}

function decisionWith(token: string, credentials: { organization: string; key: string }): LoadCall {
  const body = JSON.stringify(credentials);
  return {
    path: '/v1/keys/verify',
    headers: { ...JSON_TYPE, authorization: `Bearer ${token}` },
    body: () => body,
    outcomeOf: (status, text) => {
      const { valid, code, errors } = JSON.parse(text) as {
        valid?: boolean;
        code?: string;
        errors?: { code?: string; extensions?: { code?: string } }[];
      };
      if (status === 200 && valid === true && code === 'VALID') return 'OK';
      return `${status} ${code ?? errors?.[0]?.code ?? errors?.[0]?.extensions?.code ?? text.slice(0, 80)}`;
    },
  };
}
