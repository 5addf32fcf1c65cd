import { editApiKey } from '../../src/api-key/api-key.service.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { contextOf, keyInput, type TestStaff } from './fixtures.ts';
import { globalIdOf } from './gateways.ts';
import { bearer } from './graphql-client.ts';
import type { KeyWorld } from './key-world.ts';
import { insertKeyedFleet } from './keyed-fleet.ts';
import { post, send } from './raw-http.ts';
import { createTestServiceAccount, tokenOf } from './service-accounts.ts';
import { listen } from './streams.ts';
import type { TestInstallation } from './test-installation.ts';

/** Well within the time that a token holds. */
const SIGN_IN_EVERY_MS = 5 * 60_000;
const FLEET = 200;
const SYNCED = 20;
const KEY_STRING = 'abcDEF123456';

const LIST =
  '{ organizations(first: 50) { totalCount nodes { name subscription { status } apiKey { status maskedKey } } } }';
const REGENERATE = 'mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { userErrors { code } } }';
const SYNC = 'mutation ($input: SyncApiKeyInput!) { syncApiKey(input: $input) { userErrors { code } } }';
const AUDIT = '{ auditEvents(first: 20) { nodes { action at } } }';
const WATCH = 'subscription { events(last: 5) { events { type } } }';

function expectText(text: string, expected: string): void {
  if (!text.includes(expected)) throw new Error(`without ${expected}: ${text.slice(0, 200)}`);
}

/** Signs in anew from time to time, as everybody does. */
function headersOf(url: string, person: TestStaff): () => Promise<Record<string, string>> {
  let since = Number.NEGATIVE_INFINITY;
  let headers: Promise<Record<string, string>> | null = null;
  return () => {
    if (headers !== null && performance.now() - since < SIGN_IN_EVERY_MS) return headers;
    since = performance.now();
    headers = bearer(url, person);
    return headers;
  };
}

/** What people, programs and gateways do with a server, each a task to be done over and over. */
export async function soakTraffic(url: string, { services, database }: TestInstallation, world: KeyWorld) {
  const { reseller } = world.tenants;
  const fleet = await insertKeyedFleet(services, database.query, reseller, FLEET);
  const [watched, ...others] = fleet;
  if (watched === undefined) throw new Error('the fleet is empty');
  const admin = contextOf(services, world.providerAdmin);
  await editApiKey(admin, { ...keyInput(watched), newKey: new Secret(KEY_STRING) });
  const account = await createTestServiceAccount(services, world.providerAdmin, reseller, ['gateway:verify']);
  const headers = headersOf(url, world.people.providerAdmin);
  const graphql = async (query: string, variables: object, expected: string) => {
    const { text } = await post(`${url}/graphql`, JSON.stringify({ query, variables }), await headers());
    expectText(text, expected);
  };
  let turn = 0;
  const next = () => globalIdOf(others[turn++ % others.length] ?? watched);
  return {
    list: () => graphql(LIST, {}, '"totalCount"'),
    audit: () => graphql(AUDIT, {}, '"nodes"'),
    regenerate: () => graphql(REGENERATE, { input: { organizationId: next() } }, '"userErrors":[]'),
    sync: () => {
      const organizationIds = Array.from({ length: SYNCED }, next);
      return graphql(SYNC, { input: { organizationIds } }, '"userErrors":[]');
    },
    decision: async () => {
      const token = await tokenOf(url, account);
      for (let call = 0; call < 20; call++) {
        const body = JSON.stringify({ organization: globalIdOf(watched), key: KEY_STRING });
        const { text } = await post(`${url}/v1/keys/verify`, body, { authorization: `Bearer ${token}` });
        expectText(text, '"VALID"');
      }
    },
    export: async () => {
      const { text } = await send(`${url}/exports/organizations?format=csv`, { headers: await headers() });
      expectText(text, 'externalId');
    },
    console: async () => expectText((await send(`${url}/`, { headers: { accept: 'text/html' } })).text, '<html'),
    stream: async () => {
      const listener = await listen(url, await headers(), WATCH);
      expectText(JSON.stringify(await listener.next()), '"events"');
      listener.hangUp();
    },
    refused: () => graphql('{ organizations { nothing } }', {}, '"VALIDATION_FAILED"'),
  };
}
