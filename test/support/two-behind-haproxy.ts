import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createTestOrganization } from './fixtures.ts';
import { freePort } from './free-port.ts';
import { credentialsOf, globalIdOf, openGateway } from './gateways.ts';
import { bearer } from './graphql-client.ts';
import { type Haproxy, startHaproxy } from './haproxy.ts';
import { createKeyWorld } from './key-world.ts';
import { type KeywardProcess, startKeyward } from './keyward-process.ts';
import type { LoadRequest } from './steady-load.ts';
import { cloneTestDatabase, type TestDatabase } from './test-database.ts';
import { openInstallationOn } from './test-installation.ts';

export interface TwoBehindHaproxy {
  readonly database: TestDatabase;
  /** What each of them was started with. */
  readonly env: readonly [Record<string, string>, Record<string, string>];
  /** Whoever stops one puts the next in its place. They are stopped when the test ends. */
  readonly servers: [KeywardProcess, KeywardProcess];
  readonly haproxy: Haproxy;
  /** A gateway asks about a key that works. */
  readonly decision: LoadRequest;
  /** An administrator regenerates the key of another organization. */
  readonly command: LoadRequest;
}

/** Two processes over one database behind the load balancer of `ops/`, until the test ends. */
export async function openTwoBehindHaproxy(): Promise<TwoBehindHaproxy> {
  const database = await cloneTestDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const key = randomBytes(32);
  const envOf = (port: number) => ({
    DATABASE_URL: database.ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: key.toString('base64'),
    KEYWARD_STOP_DELAY_SECONDS: '3',
    KEYWARD_TRUSTED_PROXIES: '127.0.0.1',
    PORT: String(port),
  });
  const ports = [await freePort(), await freePort()] as const;
  const env = [envOf(ports[0]), envOf(ports[1])] as const;
  const servers: TwoBehindHaproxy['servers'] = [await startKeyward(env[0]), await startKeyward(env[1])];
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  });
  const haproxy = await startHaproxy(ports);
  onTestFinished(() => haproxy[Symbol.asyncDispose]());
  await using installation = await openInstallationOn(database, { keyEncryptionKey: key });
  const world = await createKeyWorld(installation);
  const { services } = installation;
  const { token } = await openGateway({ url: haproxy.url, services }, world.providerAdmin, world.tenants.reseller);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const decision = {
    url: `${haproxy.url}/v1/keys/verify`,
    headers,
    body: JSON.stringify(await credentialsOf(world)),
  };
  const other = await createTestOrganization(services, world.tenants.platformAdmin, world.tenants.reseller);
  const command = {
    url: `${haproxy.url}/graphql`,
    headers: { 'content-type': 'application/json', ...(await bearer(haproxy.url, world.people.providerAdmin)) },
    body: JSON.stringify({ query: REGENERATE, variables: { input: { organizationId: globalIdOf(other) } } }),
  };
  return { database, env, servers, haproxy, decision, command };
}

const REGENERATE = 'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { userErrors { code } } }';

export function isDone(status: number, body: string): boolean {
  return status === 200 && body.includes('"userErrors":[]');
}

export function isValid(status: number, body: string): boolean {
  return status === 200 && body.includes('"code":"VALID"');
}
