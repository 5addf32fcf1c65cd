import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { createKeyWorld } from '../support/key-world.ts';
import { startKeyward } from '../support/keyward-process.ts';
import { ManyTasks } from '../support/many-tasks.ts';
import { send } from '../support/raw-http.ts';
import { soakTraffic } from '../support/soak-traffic.ts';
import { cloneTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { openInstallationOn } from '../support/test-installation.ts';

/** `npm run test:soak` lasts half an hour. */
const SECONDS = Number(process.env['KEYWARD_SOAK_SECONDS'] ?? 10);
const isLong = SECONDS >= 600;
const SAMPLES = 120;
/** What a process of which nobody asks anything holds besides: a short run ends while it still warms up. */
const GROWTH_MB = isLong ? 16 : 256;

interface Sample {
  readonly heapMb: number;
  readonly residentMb: number;
  readonly files: number;
  readonly connections: number;
}

async function lookAt(metrics: string, connections: () => Promise<number>): Promise<Sample> {
  const { text } = await send(metrics);
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    heapMb: value('nodejs_heap_size_used_bytes') / 2 ** 20,
    residentMb: value('process_resident_memory_bytes') / 2 ** 20,
    files: value('process_open_fds'),
    connections: await connections(),
  };
}

/** What is left after garbage was collected: the least that was seen in a part of the run, from one share of it to another. */
function least(samples: readonly Sample[], what: keyof Sample, from: number, to: number): number {
  const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
  return Math.min(...part.map((sample) => sample[what]));
}

async function prepareTraffic(database: TestDatabase, keyEncryptionKey: Buffer, url: string) {
  await using installation = await openInstallationOn(database, { keyEncryptionKey, logLevel: 'error' });
  return await soakTraffic(url, installation, await createKeyWorld(installation));
}

test('a server under every kind of load keeps its memory and its connections', {
  timeout: (SECONDS + 120) * 1000,
}, async () => {
  const key = randomBytes(32);
  await using database = await cloneTestDatabase({ isSearched: !isLong }); // gigabytes of audit trail
  const { query, ownerUrl } = database;
  const [port, metricsPort] = [await freePort(), await freePort()];
  const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  const traffic = await prepareTraffic(database, key, `http://127.0.0.1:${port}`);
  const server = await startKeyward({
    DATABASE_URL: ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: key.toString('base64'),
    KEYWARD_REQUESTS_PER_MINUTE: '1000000',
    PORT: String(port),
    KEYWARD_METRICS_PORT: String(metricsPort),
    NODE_OPTIONS: '', // the search for secrets keeps every one that it has seen
  });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
  });
  const countConnections = async () => {
    const [row] = await query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name like 'keyward%'`,
    );
    return row?.count ?? 0;
  };
  const before = await lookAt(metrics, countConnections);
  const samples: Sample[] = [];
  await using tasks = new ManyTasks(traffic);
  for (let index = 0; index < SAMPLES; index++) {
    await wait((SECONDS * 1000) / SAMPLES);
    samples.push(await lookAt(metrics, countConnections));
  }
  await tasks.stop();
  const at = (what: keyof Sample) =>
    [least(samples, what, 0.2, 0.5), least(samples, what, 0.7, 1)].map((value) => value.toFixed(0)).join(' → ');
  console.info(
    `${tasks.total} tasks in ${SECONDS} s (${[...tasks.done].map(([name, count]) => `${name} ${count}`).join(', ')}); ` +
      `heap ${at('heapMb')} MB, memory ${at('residentMb')} MB, files ${at('files')}, connections ${at('connections')}`,
  );
  expect([...tasks.failures]).toEqual([]);
  for (const what of ['heapMb', 'residentMb'] as const) {
    expect(least(samples, what, 0.7, 1)).toBeLessThan(least(samples, what, 0.2, 0.5) * 1.1 + GROWTH_MB);
  }
  const most = Math.max(...samples.map(({ connections }) => connections));
  expect(most).toBeLessThanOrEqual(40);
  // Nothing is left of sockets and streams: what stays open is no more than pools keep.
  await expect
    .poll(async () => (await lookAt(metrics, countConnections)).files, { timeout: 30_000 })
    .toBeLessThanOrEqual(before.files + 40);
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(await countConnections()).toBe(0);
});
