// What traces cost: processor time of the server for each request, with traces off, of one request in a hundred, and of all. With
// BENCH_BEFORE, the cli.js of another build, that one is measured in the same rounds.
import autocannon from 'autocannon';
import { freePort } from '../test/support/free-port.ts';
import { startOtlpReceiver } from '../test/support/otlp-receiver.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { startChild } from './support/child-server.ts';
import { listOfFifty } from './support/list-of-fifty.ts';
import { median } from './support/load.ts';

const CONNECTIONS = 8;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const requests = { 'list of 50': listOfFifty, viewer: JSON.stringify({ query: '{ viewer { role } }' }) };

await using receiver = await startOtlpReceiver({ keeps: false });
await using installation = await openBenchInstallation(300);
const on = (ratio: number) => ({
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver.url,
  OTEL_TRACES_SAMPLER_ARG: String(ratio),
});

async function start(name: string, cli: string, env: Record<string, string>) {
  const metricsPort = await freePort();
  const child = await startChild([cli, 'serve'], {
    ...installation.env,
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    KEYWARD_METRICS_PORT: String(metricsPort),
    ...env,
  });
  const cpuSeconds = async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]);
  };
  return { name, child, cpuSeconds, authorization: await installation.signIn(child.url) };
}

await using cleanup = new AsyncDisposableStack();
const before = process.env['BENCH_BEFORE'];
const servers = [
  ...(before === undefined ? [] : [await start('before', before, {})]),
  await start('off', 'dist/cli.js', {}),
  await start('1 in 100', 'dist/cli.js', on(0.01)),
  await start('all', 'dist/cli.js', on(1)),
];
for (const { child } of servers) cleanup.use(child);

/** In microseconds for each request. */
async function cost({ child, cpuSeconds, authorization }: (typeof servers)[number], body: string): Promise<number> {
  const begin = await cpuSeconds();
  const result = await autocannon({
    url: `${child.url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body,
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} answers were not 2xx`);
  return ((await cpuSeconds()) - begin) * 1e6 * (1 / result.requests.total);
}

for (const [what, body] of Object.entries(requests)) {
  const costs = new Map(servers.map(({ name }) => [name, [] as number[]]));
  for (const server of servers) await cost(server, body);
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of servers) costs.get(server.name)?.push(await cost(server, body));
  }
  const [first = 0] = [...costs.values()].map(median);
  const told = [...costs].map(
    ([name, each]) => `${name} ${median(each).toFixed(0)} (${(median(each) / first).toFixed(3)})`,
  );
  process.stdout.write(`${what}, µs of processor time a request: ${told.join(', ')}\n`);
}
