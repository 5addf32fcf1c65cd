import { randomBytes } from 'node:crypto';
import type { OrganizationRef, ServiceProviderRef } from '../../src/ids.ts';
import { keepSecret } from './canary/places.ts';
import { organizationId } from './graphql-world.ts';
import { type KeyWorld, readSlot } from './key-world.ts';
import { type RawAnswer, send } from './raw-http.ts';
import { basicOf, createTestServiceAccount, type TestServiceAccount } from './service-accounts.ts';
import type { TestServer } from './test-installation.ts';

type Headers = Readonly<Record<string, string>>;

export interface AskOptions {
  readonly method?: string;
  /** What follows `/v1/authorize`. */
  readonly path?: string;
}

/** A gateway as it asks, with the secret of a service account in a header of its own. */
export interface TestGateway {
  readonly account: TestServiceAccount;
  readonly credentials: Headers;
  ask(headers: Headers, options?: AskOptions): Promise<RawAnswer>;
}

export function askAt({ url }: Pick<TestServer, 'url'>, headers: Headers, options: AskOptions = {}) {
  const { method = 'GET', path = '' } = options;
  return send(`${url}/v1/authorize${path}`, { method, headers });
}

/** Of the organization's provider unless it is said otherwise. */
export async function createTestGateway(
  server: Pick<TestServer, 'services' | 'url'>,
  world: KeyWorld,
  {
    place = world.tenants.reseller,
    maker = world.providerAdmin,
    permissions = ['gateway:verify'],
  }: {
    place?: ServiceProviderRef | OrganizationRef;
    maker?: KeyWorld['providerAdmin'];
    permissions?: readonly string[];
  } = {},
): Promise<TestGateway> {
  const account = await createTestServiceAccount(server.services, maker, place, permissions);
  const { authorization } = basicOf(account);
  keepSecret(authorization.slice('Basic '.length));
  const credentials = { 'x-keyward-gateway': authorization };
  return { account, credentials, ask: (headers, options) => askAt(server, { ...credentials, ...headers }, options) };
}

/** What a client of the organization sends with its key. */
export async function keyHeaders(world: KeyWorld): Promise<Headers> {
  const { keyString } = await readSlot(world);
  return { 'x-api-key': keyString ?? '', 'x-organization': organizationId(world.organization) };
}

/** Gives the organization an external id. */
export async function nameOrganization(world: KeyWorld, externalId = `ext-${randomBytes(5).toString('hex')}`) {
  await world.keyward.database.query('update organization set external_id = $2 where id = $1', [
    world.organization.organizationId,
    externalId,
  ]);
  return externalId;
}

/** What becomes of each answer: status, code, whose call it is. */
export function told({ status, headers }: RawAnswer) {
  return [status, headers.get('x-denied-code'), headers.get('x-organization-id')];
}

export async function callsCounted(world: KeyWorld, kind = 'CLOUD_SERVICE'): Promise<number> {
  const [row] = await world.keyward.database.query<{ used: string }>(
    'select used from usage_counter where organization_id = $1 and kind = $2',
    [world.organization.organizationId, kind],
  );
  return Number(row?.used ?? 0);
}

export async function limitCalls(world: KeyWorld, threshold: number): Promise<void> {
  await world.keyward.database.query(
    `update subscription set call_threshold = $2, threshold_period = 'DAY' where organization_id = $1`,
    [world.organization.organizationId, threshold],
  );
}
