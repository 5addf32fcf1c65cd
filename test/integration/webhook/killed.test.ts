import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit from 'p-limit';
import { expect, test, vi } from 'vitest';
import { regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { keyInput } from '../../support/fixtures.ts';
import { createKeyWorld, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { environmentOf, type KillableProcess, startKillable } from '../../support/killable-process.ts';
import { cloneTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { openInstallationOn } from '../../support/test-installation.ts';
import { type Reaction, type Receiver, startReceiver, TAKEN, verified } from '../../support/webhook-receiver.ts';
import { createEndpoint } from '../../support/webhooks.ts';

/** `npm run test:webhooks` asks for 10,000. */
const EVENTS = Number(process.env['KEYWARD_WEBHOOK_EVENTS'] ?? 300);
const ORGANIZATIONS = Math.min(100, EVENTS / 10);
const KILLS = EVENTS < 1000 ? 2 : 20;
/** Of one event, before it is taken: each means a pause, the first one of five seconds. */
const MOST_FAILURES = EVENTS < 1000 ? 1 : 3;
const BAD_SHARE = 0.05;
const CHILD = new URL('server-child.ts', import.meta.url);

const keyEncryptionKey = randomBytes(32);

/** Started and killed over and over, with the most memory that it has ever had. */
class Server {
  peakBytes = 0;
  #running: KillableProcess | null = null;
  readonly #env;

  constructor(database: TestDatabase, { host }: Receiver) {
    const more = { KEYWARD_ALLOWED_PRIVATE_HOSTS: host, KEYWARD_WEBHOOK_TIMEOUT_SECONDS: '2' };
    this.#env = { ...environmentOf(database, keyEncryptionKey), ...more };
  }

  async start(): Promise<void> {
    this.#running = await startKillable(CHILD, this.#env, (said) => {
      this.peakBytes = Math.max(this.peakBytes, Number(said.trim().split('\n').at(-1)));
    });
  }

  async kill(): Promise<void> {
    await this.#running?.kill();
    this.#running = null;
  }
}

/** Fails, hangs or hangs up now and then; each event is taken in the end. */
function moods(): (id: string) => Reaction {
  const failures = new Map<string, number>();
  const bad: Reaction[] = [
    { kind: 'ANSWER', status: 500 },
    { kind: 'ANSWER', status: 302, headers: { location: '/elsewhere' } },
    { kind: 'HANG' },
    { kind: 'BREAK' },
  ];
  return (id) => {
    const before = failures.get(id) ?? 0;
    if (before >= MOST_FAILURES || Math.random() >= BAD_SHARE) return TAKEN;
    failures.set(id, before + 1);
    return bad[Math.floor(Math.random() * bad.length)] ?? TAKEN;
  };
}

async function regenerateAll(world: KeyWorld, fleet: readonly OrganizationRef[], count: number): Promise<void> {
  const limit = pLimit(6);
  const one = () => {
    const organization = fleet[Math.floor(Math.random() * fleet.length)] ?? null;
    return regenerateApiKey(world.as(world.providerAdmin), keyInput(organization));
  };
  await Promise.all(Array.from({ length: count }, () => limit(one)));
}

/** What should have come, by organization, in the order of the chain. */
async function chainsOf({ query }: TestDatabase): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await query<{ id: string; organization: string }>(
    `select e.id, e.organization_id as organization from audit_event e
     join audit_link l on l.root_provider_id = e.root_provider_id and l.event_id = e.id
     where e.action = 'api_key.regenerate' order by l.sequence`,
  );
  const chains = Map.groupBy(rows, ({ organization }) => organization);
  return new Map([...chains].map(([organization, events]) => [organization, events.map(({ id }) => id)]));
}

/** Only the oldest that was not taken is ever tried, save for those that were taken and come once more. */
function outOfOrder({ received }: Receiver, chains: ReadonlyMap<string, readonly string[]>): string[] {
  const places = new Map([...chains].flatMap(([of, ids]) => ids.map((id, place) => [id, { of, place }] as const)));
  const taken = new Map<string, number>();
  return received.flatMap(({ id, reaction }) => {
    const { of, place } = places.get(id) ?? { of: 'nothing', place: Number.POSITIVE_INFINITY };
    const next = taken.get(of) ?? 0;
    if (place > next) return [`${id} came ${place - next} too early`];
    if (place === next && reaction === TAKEN) taken.set(of, next + 1);
    return [];
  });
}

test(`${EVENTS} events come at least once and in order, whatever the receiver does, and though the server is killed ${KILLS} times`, {
  timeout: 120_000 + EVENTS * 60,
}, async () => {
  await using receiver = await startReceiver();
  await using database = await cloneTestDatabase();
  const more = { keyEncryptionKey, allowedPrivateHosts: [receiver.host], logLevel: 'silent' } as const;
  await using keyward = await openInstallationOn(database, more);
  const world = await createKeyWorld(keyward);
  const fleet = await insertKeyedFleet(keyward.services, database.query, world.tenants.reseller, ORGANIZATIONS);
  const { secret } = await createEndpoint(world.as(world.providerAdmin), world.tenants.reseller, receiver.url);
  const server = new Server(database, receiver);
  const react = moods();
  const forged: unknown[] = [];
  receiver.react((id, _, request) => {
    try {
      expect(verified(secret, request)).toMatchObject({ type: 'api_key.regenerated' });
    } catch (error) {
      forged.push(error);
    }
    return react(id);
  });
  await server.start();
  const began = performance.now();
  const done = regenerateAll(world, fleet, EVENTS);
  for (let kill = 0; kill < KILLS; kill++) {
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan((EVENTS * kill) / (KILLS + 1)), 60_000);
    await wait(Math.random() * 300); // the point where it dies is chance, as it is in earnest
    await server.kill();
    await server.start();
  }
  await done;
  await vi.waitFor(
    async () => {
      const [left] = await database.query(
        `select count(*) filter (where status = 'DELIVERED')::int as delivered from webhook_delivery`,
      );
      expect(left).toEqual({ delivered: EVENTS });
    },
    { timeout: 60_000 + EVENTS * 40, interval: 250 },
  );
  const seconds = (performance.now() - began) / 1000;
  await server.kill();

  const chains = await chainsOf(database);
  const taken = new Set(receiver.received.filter(({ reaction }) => reaction === TAKEN).map(({ id }) => id));
  expect([...chains.values()].flat().filter((id) => !taken.has(id))).toEqual([]);
  expect(outOfOrder(receiver, chains)).toEqual([]);
  expect(forged).toEqual([]);
  const requests = receiver.received.length;
  expect(receiver.received.every(({ url }) => url === '/hook')).toBe(true);
  process.stdout.write(
    `${EVENTS} events in ${requests} requests, ${KILLS} kills, ${seconds.toFixed(1)} s, the server at most ${Math.round(server.peakBytes / 2 ** 20)} MB\n`,
  );
});

test(`${EVENTS} events that wait are sent to a receiver that takes all`, {
  timeout: 60_000 + EVENTS * 40,
}, async () => {
  await using receiver = await startReceiver();
  await using database = await cloneTestDatabase();
  const more = { keyEncryptionKey, allowedPrivateHosts: [receiver.host], logLevel: 'silent' } as const;
  await using keyward = await openInstallationOn(database, more);
  const world = await createKeyWorld(keyward);
  const fleet = await insertKeyedFleet(keyward.services, database.query, world.tenants.reseller, ORGANIZATIONS);
  await createEndpoint(world.as(world.providerAdmin), world.tenants.reseller, receiver.url);
  await regenerateAll(world, fleet, EVENTS);
  const server = new Server(database, receiver);
  await server.start();
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThanOrEqual(EVENTS), {
    timeout: 30_000 + EVENTS * 20,
    interval: 50,
  });
  await server.kill();
  const [first, last] = [receiver.received[0], receiver.received.at(-1)];
  const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(EVENTS);
  process.stdout.write(
    `${Math.round(EVENTS / seconds)} events a second, the server at most ${Math.round(server.peakBytes / 2 ** 20)} MB\n`,
  );
});
