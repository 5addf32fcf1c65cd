import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rotateSecrets } from '../../src/key-rotation/rotate-secrets.service.ts';
import { growFleet } from '../../src/seed/grow-fleet.ts';
import { seedDemo } from '../../src/seed/seed-demo.ts';
import { type Client, connect, type GraphQLAnswer } from '../support/graphql-client.ts';
import { readCredentials, temporaryDirectory } from '../support/keyward-process.ts';
import { countByVersion, KEY, readDataKeys, readSlotsUnsealed, readStrings } from '../support/rotation-world.ts';
import { openInstallationOn, startServerOn, startTestServer, type TestServer } from '../support/test-installation.ts';

const ORGANIZATIONS = 2_000;
const WORKERS = 8;

const LIST = `query ($first: Int!) { organizations(first: $first, filter: { apiKeyStatus: [ENABLED] }) {
  nodes { id apiKey { fingerprint } } } }`;
const mutation = (name: string, type: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { keyString apiKey { version } userErrors { code } } }`;
const REVEAL = mutation('revealApiKey', 'ApiKeyInput');
const REGENERATE = mutation('regenerateApiKey', 'ApiKeyInput');
const EDIT = mutation('editApiKey', 'EditApiKeyInput');

/** A provider's administrator at each of the servers, and the organizations that nobody else touches. */
interface Worker {
  readonly clients: readonly Client[];
  /** The string that each of its organizations is on, by id; undefined until it was looked at. */
  readonly strings: Map<string, string | undefined>;
}

interface Served {
  requests: number;
  reveals: number;
  changes: number;
  readonly failures: string[];
}

async function seed(server: TestServer): Promise<{ username: string; password: string }> {
  await using directory = await temporaryDirectory();
  const now = new Date();
  const credentialsFile = join(directory.path, 'demo-credentials.json');
  await seedDemo(server.services, { now, url: server.url, credentialsFile });
  await growFleet(server.services, { organizations: ORGANIZATIONS, now });
  await server.database.query('analyze');
  const { users } = await readCredentials(directory.path);
  const admin = users.find(({ role }) => role === 'PROVIDER_ADMIN');
  if (admin === undefined) throw new Error('the demo fleet has a provider admin');
  return admin;
}

async function hireWorkers(clients: readonly Client[]): Promise<Worker[]> {
  const listed = (await clients[0]?.query(LIST, { first: 50 }))?.at('organizations.nodes');
  if (!Array.isArray(listed)) throw new Error('no organizations');
  const ids = (listed as unknown as { id: string }[]).map(({ id }) => id);
  return Array.from({ length: WORKERS }, (_, worker) => ({
    clients,
    strings: new Map(ids.filter((_, index) => index % WORKERS === worker).map((id) => [id, undefined])),
  }));
}

/** Reveals, edits, regenerates and lists in turn, at one server and the other, until it is told to stop. */
async function work({ clients, strings }: Worker, served: Served, isOver: () => boolean): Promise<void> {
  const ask = async (document: string, variables: Record<string, unknown>): Promise<GraphQLAnswer> => {
    const client = clients[served.requests++ % clients.length];
    if (client === undefined) throw new Error('unreachable');
    const answer = await client.query(document, variables);
    if (answer.status !== 200 || answer.errors.length > 0 || !answer.text.includes('"userErrors":[]')) {
      if (document !== LIST || answer.errors.length > 0) served.failures.push(answer.text);
    }
    return answer;
  };
  for (let round = 0; !isOver(); round++) {
    for (const [organizationId, known] of strings) {
      const revealed = (await ask(REVEAL, { input: { organizationId } })).at('revealApiKey.keyString');
      served.reveals++;
      if (known !== undefined && revealed !== known) served.failures.push('a reveal gave another string');
      if (round % 3 === 0) {
        const newKey = randomBytes(6).toString('hex');
        await ask(EDIT, { input: { organizationId, newKey } });
        strings.set(organizationId, newKey);
      } else {
        const changed = (await ask(REGENERATE, { input: { organizationId } })).at('regenerateApiKey.keyString');
        strings.set(organizationId, String(changed));
      }
      served.changes++;
    }
    await ask(LIST, { first: 20 });
  }
}

test('keys rotate under load, twice and again: no request fails, and every string is the right one', {
  timeout: 120_000,
}, async () => {
  await using first = await startTestServer({ keyEncryptionKey: KEY });
  const admin = await seed(first);
  await using second = await startServerOn(first.database, { keyEncryptionKey: KEY });
  await using beside = await openInstallationOn(first.database, { keyEncryptionKey: KEY });
  const workers = await hireWorkers([await connect(first.url, admin), await connect(second.url, admin)]);
  const served: Served = { requests: 0, reveals: 0, changes: 0, failures: [] };
  const before = await readStrings(first.database, beside.services);

  const rotations: { resealed: number; tookMs: number; requests: number }[] = [];
  let isOver = false;
  const load = Promise.all(workers.map((worker) => work(worker, served, () => isOver)));
  await expect.poll(() => served.changes).toBeGreaterThan(WORKERS);
  while (rotations.length < 3) {
    const [startedAt, requests] = [performance.now(), served.requests];
    const { resealed, unreadable } = await rotateSecrets(beside.services);
    expect(unreadable).toEqual([]);
    rotations.push({ resealed, tookMs: performance.now() - startedAt, requests: served.requests - requests });
    const soFar = served.changes;
    await expect.poll(() => served.changes, { timeout: 20_000 }).toBeGreaterThan(soFar + 200);
  }
  isOver = true;
  await load;

  expect(served.failures).toEqual([]);
  // A server that has the new key already seals by it: then a rotation has a few less to do.
  expect(rotations.every(({ resealed }) => resealed > before.length * 0.9)).toBe(true);
  expect(rotations.every(({ requests }) => requests > 0)).toBe(true);
  const versions = (await readDataKeys(first.database)).filter(({ purpose }) => purpose === 'ENCRYPTION');
  expect(new Set(versions.map(({ version }) => version))).toEqual(new Set([4]));
  expect(await countByVersion(first.database)).toEqual({ 4: before.length });
  const changed = workers.flatMap(({ strings }) => [...strings.values()]);
  const after = await readStrings(first.database, first.services);
  expect(after.map(({ text }) => text)).toEqual(expect.arrayContaining(changed));
  const untouched = after.filter(({ text }) => !changed.includes(text));
  expect(untouched).toHaveLength(before.length - changed.length);
  expect(before).toEqual(expect.arrayContaining(untouched));
  expect(await readSlotsUnsealed(first.database)).toHaveLength(2 * ORGANIZATIONS);
  for (const server of [first, second]) {
    expect(server.logLines.filter((line) => /"level":(40|50|60)/.test(line))).toEqual([]);
  }
  console.info(`${served.requests} requests, ${served.reveals} reveals; rotations: ${JSON.stringify(rotations)}`);
});
