import { readFile } from 'node:fs/promises';
import { expect, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { bearer } from '../support/graphql-client.ts';
import { type KeywardProcess, runKeyward, startKeyward, temporaryDirectory } from '../support/keyward-process.ts';
import { send } from '../support/raw-http.ts';
import { SteadyLoad } from '../support/steady-load.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { KEY, test } from '../support/unserved-world.ts';

interface Two extends KeywardProcess {
  readonly metrics: readonly string[];
}

async function startTwo({ ownerUrl }: TestDatabase): Promise<Two> {
  const [port, metricsPort] = [await freePort(), await freePort(1)]; // of each process its own
  const env = {
    DATABASE_URL: ownerUrl,
    KEYWARD_KEY_ENCRYPTION_KEY: KEY.toString('base64'),
    PORT: String(port),
    KEYWARD_METRICS_PORT: String(metricsPort),
  };
  const metrics = [metricsPort, metricsPort + 1].map((own) => `http://127.0.0.1:${own}/metrics`);
  const server = await startKeyward(env, ['--processes', '2']);
  onTestFinished(async () => {
    await server.stop('SIGKILL');
  });
  return { ...server, metrics };
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** How many GraphQL requests the process of these metrics has answered. */
async function answeredBy(metrics: string): Promise<number> {
  const { text } = await send(metrics);
  const counts = [...text.matchAll(/^keyward_http_request_duration_seconds_count\{.*graphql.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

test('two processes share a port: both answer, one that is killed is replaced, and both stop in good order', {
  timeout: 60_000,
}, async ({ database, world }) => {
  const server = await startTwo(database);
  const query = JSON.stringify({ query: '{ organizations(first: 1) { nodes { name } } }' });
  const headers = { ...(await bearer(server.url, world.people.providerAdmin)), 'content-type': 'application/json' };
  const load = () =>
    new SteadyLoad(4, { url: `${server.url}/graphql`, headers, body: query }, (status) => status === 200);
  {
    await using _ = load();
    for (const metrics of server.metrics) await expect.poll(() => answeredBy(metrics)).toBeGreaterThan(0);
  }
  const [one, other] = await childrenOf(server.pid);
  if (one === undefined || other === undefined) throw new Error('there are not two processes');
  process.kill(one, 'SIGKILL');
  await expect.poll(() => childrenOf(server.pid), { timeout: 20_000 }).toEqual([other, expect.any(Number)]);
  const areReady = () =>
    Promise.all(server.metrics.map((metrics) => send(metrics))).then(
      () => true,
      () => false,
    );
  await expect.poll(areReady, { timeout: 20_000 }).toBe(true);
  {
    await using again = load();
    for (const metrics of server.metrics) await expect.poll(() => answeredBy(metrics)).toBeGreaterThan(0);
    const { failures } = await again.stop();
    expect([...failures]).toEqual([]);
  }
  const children = await childrenOf(server.pid);
  expect(await server.stop('SIGTERM')).toBe(0);
  for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('several processes need a database that they share, and say why one cannot start', { timeout: 60_000 }, async ({
  database,
}) => {
  await using directory = await temporaryDirectory();
  const several = ['serve', '--processes', '2'];
  const embedded = { KEYWARD_DATA_DIR: directory.path, PORT: String(await freePort()) };
  expect(await runKeyward(several, embedded)).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^keyward: .*set DATABASE_URL.*\n$/),
  });
  const impossible = { DATABASE_URL: database.ownerUrl, HOST: '192.0.2.1', PORT: String(await freePort()) };
  const { code, stderr } = await runKeyward(several, impossible);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^keyward: Cannot listen on 192\.0\.2\.1:.*\n(.*\n)*keyward: A process could not start/);
  for (const count of ['0', '129']) {
    const refused = await runKeyward(['serve', '--processes', count], impossible);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Give a whole number, 1 to 128') });
  }
});
