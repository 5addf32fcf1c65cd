import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { counted, FailoverLoad, failed, slowestMs } from '../support/failover-load.ts';
import { type HaCluster, type NodeNumber, startHaCluster } from '../support/ha-cluster.ts';
import { type Credentials, type HaWorld, openHaWorld } from '../support/ha-world.ts';
import { runKeyward } from '../support/keyward-process.ts';
import { send } from '../support/raw-http.ts';
import { untilWhole } from './until-whole.ts';

/** Within which writes must work again. */
const LONGEST_MS = 30_000;
/** For so long nobody can take over: the lock of a primary that is gone holds for `ttl`, less `loop_wait`, and some. */
const NOBODY_MS = 15_000;
/** A synchronous replica that is gone is followed by the other one in that time. */
const LONGEST_SWITCH_MS = 5_000;
const PHASE_MS = 8_000;
const PATIENCE = { timeout: 60_000, interval: 250 };
const NOTHING = { mutations: [], decisions: [], reads: [] };

interface Drill {
  readonly cluster: HaCluster;
  readonly world: HaWorld;
  readonly load: FailoverLoad;
}

test('members of etcd, replicas and primaries are killed under load', { timeout: 600_000 }, async () => {
  await using cluster = await startHaCluster();
  await using world = await openHaWorld(cluster);
  await using load = loadOn(world);
  const drill = { cluster, world, load };
  await untilWhole(cluster);
  expect(await phase(load, 'all there', async () => undefined)).toEqual(NOTHING);

  const primary = await cluster.nodeThatIs('leader');
  expect(await phase(load, 'kill -9: the etcd beside the primary', () => cluster.kill(`etcd${primary}`))).toEqual(
    NOTHING,
  );
  await cluster.start(`etcd${primary}`);
  await expect.poll(() => cluster.isHealthy(primary), PATIENCE).toBe(true);

  await loseReplica(drill);
  await loseSynchronousReplica(drill);
  const failures = [dead, unwatched, hung];
  expect(world.revocable.length).toBeGreaterThanOrEqual(failures.length);
  for (const revoked of world.revocable) {
    const failure = failures.shift();
    if (failure !== undefined) await failOver(drill, revoked, failure);
  }
  await load.stop();
  await expectLedger(drill);
});

async function loseReplica({ cluster, load }: Drill): Promise<void> {
  const node = await cluster.nodeThatIs('replica');
  const kill = () => cluster.kill(`patroni${node}`, `postgres${node}`);
  expect(await phase(load, 'kill -9: the other replica', kill)).toEqual(NOTHING);
  await cluster.start(`patroni${node}`);
  await untilWhole(cluster);
}

/** Commits wait until Patroni has chosen the other one: what may not wait for so long is refused, never let pass. */
async function loseSynchronousReplica({ cluster, load }: Drill): Promise<void> {
  const node = await cluster.nodeThatIs('sync_standby');
  const killedAt = performance.now();
  const kill = () => cluster.kill(`patroni${node}`, `postgres${node}`);
  const { decisions, ...others } = await phase(load, 'kill -9: the synchronous replica', kill);
  expect(others).toEqual({ mutations: [], reads: [] });
  expect(decisions.filter(({ outcome }) => outcome !== '503 DECISION_UNAVAILABLE')).toEqual([]);
  const lastRefusedAt = Math.max(killedAt, ...decisions.map(({ sentAt }) => sentAt));
  expect(lastRefusedAt - killedAt).toBeLessThan(LONGEST_SWITCH_MS);
  await cluster.start(`patroni${node}`);
  await untilWhole(cluster);
}

interface Failure {
  readonly what: string;
  readonly strike: (cluster: HaCluster, node: NodeNumber) => Promise<void>;
  readonly mend: (cluster: HaCluster, node: NodeNumber) => Promise<void>;
  /** When nobody can reach the old primary any more. */
  readonly cutOffMs: number;
}

const dead: Failure = {
  what: 'kill -9: PostgreSQL and Patroni of the primary',
  strike: (cluster, node) => cluster.kill(`patroni${node}`, `postgres${node}`),
  mend: (cluster, node) => cluster.start(`patroni${node}`),
  cutOffMs: 0,
};

/** PostgreSQL goes on and takes itself for the primary. HAProxy asks Patroni thrice before it believes that it is gone. */
const unwatched: Failure = {
  what: "kill -9: the primary's Patroni only",
  strike: (cluster, node) => cluster.kill(`patroni${node}`),
  mend: (cluster, node) => cluster.start(`patroni${node}`),
  cutOffMs: 6_000,
};

/** Nothing is refused or closed, and nothing answers; then it wakes, and takes itself for the primary. */
const hung: Failure = {
  what: 'kill -STOP: PostgreSQL and Patroni of the primary',
  strike: (cluster, node) => cluster.hang(`patroni${node}`, `postgres${node}`),
  mend: (cluster, node) => cluster.wake(`postgres${node}`, `patroni${node}`),
  cutOffMs: 0,
};

/** The primary goes, with an operation of many organizations under way and a key that was revoked in the last moment. */
async function failOver(drill: Drill, revoked: Credentials, { what, strike, mend, cutOffMs }: Failure): Promise<void> {
  const { cluster, world, load } = drill;
  const codesOf = async () => {
    const answers = await Promise.all(world.gateways.map((gateway) => gateway.verify({ ...revoked })));
    return answers.map(({ body, status }) => body.code ?? String(status));
  };
  expect(await codesOf()).toEqual(['VALID', 'VALID']);
  const operation = await startOperation(world);
  await disable(world, revoked);
  const old = await cluster.nodeThatIs('leader');
  await strike(cluster, old);
  const killedAt = performance.now();
  const seen = new Set<string>();
  while (writesOf(drill, killedAt + cutOffMs).includes(undefined) && performance.now() - killedAt < 2 * LONGEST_MS) {
    for (const code of await codesOf()) seen.add(code);
    await wait(200);
  }
  const tookMs = writesOf(drill, killedAt + cutOffMs).map(
    (write) => (write?.endedAt ?? Number.POSITIVE_INFINITY) - killedAt,
  );
  const title = `${what}: writes again after ${tookMs.map(secondsOf).join(' and ')}`;
  report(load, title, killedAt, Math.max(...tookMs));
  expect(Math.max(...tookMs)).toBeLessThan(LONGEST_MS);
  // Not one call passes while there is no database to count it in, and never with a key that is known to be disabled.
  const meanwhile = load.between('decision', killedAt + cutOffMs, killedAt + NOBODY_MS);
  expect(meanwhile.length).toBeGreaterThan(0);
  expect(meanwhile.filter(({ outcome, endedAt }) => outcome === 'OK' && endedAt < killedAt + NOBODY_MS)).toEqual([]);
  expect([...seen].filter((code) => code !== 'DECISION_UNAVAILABLE' && code !== 'DISABLED')).toEqual([]);
  await expect.poll(codesOf, PATIENCE).toEqual(['DISABLED', 'DISABLED']);
  await expectRecovered(drill, operation);
  say(
    `  both are ready; the operation that was under way has ended, and another: ${secondsOf(performance.now() - killedAt)} after`,
  );

  await mend(cluster, old);
  expect(await cluster.nodeThatIs('leader')).not.toBe(old);
  await untilWhole(cluster);
  expect(await cluster.nodeThatIs('leader')).not.toBe(old);
  say('  the old primary is a replica');
  expect(await phase(load, 'all there', async () => undefined)).toEqual(NOTHING);
}

/** The first write that each process was asked for from then on, and did. */
function writesOf({ world, load }: Drill, from: number) {
  const done = load.between('mutation', from).filter(({ outcome }) => outcome === 'OK');
  return world.servers.map((server) => done.find(({ url }) => url === server.url));
}

/** Both processes go on by themselves, with what they do in the background. */
async function expectRecovered({ world }: Drill, operation: string): Promise<void> {
  for (const { url } of world.servers) {
    await expect.poll(async () => (await send(`${url}/readyz`)).status, PATIENCE).toBe(200);
  }
  for (const id of [operation, await startOperation(world)]) {
    const query = 'query ($id: ID!) { bulkOperation(id: $id) { status changed } }';
    const look = async () => (await world.clients[1].query(query, { id })).at('bulkOperation');
    await expect.poll(look, PATIENCE).toEqual({ status: 'SUCCEEDED', changed: world.many.length });
  }
}

/** Each mutation that was acknowledged is there, each was done once, and each call that passed was counted. */
async function expectLedger({ cluster: { database }, world, load }: Drill): Promise<void> {
  const { acknowledged } = load;
  const [kept] = await database.query<{ count: number }>(
    'select count(*)::int as count from idempotency_key where key = any ($1) and answer is not null',
    [acknowledged],
  );
  const [done] = await database.query<{ count: number }>(
    `select count(*)::int as count from audit_event
     where action = 'api_key.regenerate' and result = 'OK' and organization_id = any ($1)`,
    [world.organizations.map(({ organizationId }) => organizationId)],
  );
  const passed = load.attempts.filter(({ kind, outcome }) => kind === 'decision' && outcome === 'OK').length;
  const [calls] = await database.query<{ used: number }>(
    'select sum(used)::int as used from usage_counter where organization_id = $1',
    [world.counted.organizationId],
  );
  const sent = load.attempts.filter(({ kind }) => kind === 'mutation').length;
  const lost = acknowledged.length - (kept?.count ?? 0);
  say(`${acknowledged.length} mutations acknowledged, sent ${sent} times: ${lost} lost, done ${done?.count} times`);
  say(`${passed} calls let pass, ${calls?.used} counted`);
  expect(lost).toBe(0);
  expect(done?.count).toBe(acknowledged.length);
  expect(calls?.used).toBeGreaterThanOrEqual(passed);
  const { code, output } = await runKeyward(['audit', 'verify'], world.settings);
  expect(code, output).toBe(0);
}

function loadOn(world: HaWorld): FailoverLoad {
  const load = new FailoverLoad();
  world.mutations.forEach((mutation, index) => {
    load.add('mutation', world.servers[index % 2 === 0 ? 0 : 1].url, mutation);
  });
  for (const { url } of world.servers) {
    for (let client = 0; client < 4; client++) load.add('decision', url, world.decision);
    for (let client = 0; client < 2; client++) load.add('read', url, world.read);
  }
  return load;
}

/** @returns what failed of what was sent since `work` began */
async function phase(load: FailoverLoad, what: string, work: () => Promise<unknown>) {
  const from = performance.now();
  await work();
  await wait(PHASE_MS); // what is asked of the two meanwhile is the test
  report(load, what, from, performance.now() - from);
  const of = (kind: 'mutation' | 'decision' | 'read') => failed(load.between(kind, from));
  return { mutations: of('mutation'), decisions: of('decision'), reads: of('read') };
}

function report(load: FailoverLoad, what: string, from: number, durationMs: number): void {
  say(what);
  for (const kind of ['mutation', 'decision', 'read'] as const) {
    const sent = load.between(kind, from, from + durationMs);
    say(`  ${kind}s: ${JSON.stringify(counted(sent))}, slowest ${slowestMs(sent)} ms`);
  }
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const secondsOf = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** @returns the id of an operation that is under way */
async function startOperation({ clients: [client], many }: HaWorld): Promise<string> {
  const started = await client.query(
    `mutation ($ids: [ID!]) {
       regenerateApiKeys(input: { organizationIds: $ids, atomicity: PER_ORGANIZATION }) { operation { id } userErrors { code } }
     }`,
    { ids: many },
  );
  expect(started.at('regenerateApiKeys.userErrors'), started.text).toEqual([]);
  return String(started.at('regenerateApiKeys.operation.id'));
}

async function disable({ clients: [client] }: HaWorld, { organization: id }: Credentials): Promise<void> {
  const disabled = await client.query(
    `mutation ($id: ID!) {
       disableApiKey(input: { organizationId: $id, reason: SECURITY_INCIDENT }) { userErrors { code } }
     }`,
    { id },
  );
  expect(disabled.at('disableApiKey.userErrors'), disabled.text).toEqual([]);
}
