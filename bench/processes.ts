// Decisions per second with one, two and four server processes on one database, the load spread over them evenly; and who of
// server, database and load has had the processors meanwhile, for all of them are on the same machine.
import { availableParallelism } from 'node:os';
import { openBenchInstallation } from './support/bench-installation.ts';
import type { ChildServer } from './support/child-server.ts';
import { credentialsOf, gatewayOf, verifyLoad } from './support/decisions.ts';
import { record } from './support/figures.ts';
import { median } from './support/load.ts';
import { endedChildrenSeconds, postgresSeconds, postmasterOf, processorSeconds } from './support/processor-time.ts';
import { measure } from './support/wrk.ts';

const COUNTS = (process.env['BENCH_PROCESSES'] ?? '1,2,4').split(',').map(Number);
/** In all, however many processes. */
const CONNECTIONS = 32;
const ORGANIZATIONS = Number(process.env['BENCH_ORGANIZATIONS'] ?? 200);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

await using installation = await openBenchInstallation(ORGANIZATIONS);
await using cleanup = new AsyncDisposableStack();
cleanup.use(await installation.startServer(['--role', 'worker']));
const servers: ChildServer[] = [];
while (servers.length < Math.max(...COUNTS)) {
  servers.push(cleanup.use(await installation.startServer(['--role', 'api'])));
}
const postmaster = await postmasterOf(installation.ownerUrl);
const [first] = servers;
if (first === undefined) throw new Error('no server was asked for');
const authorization = await gatewayOf(installation, first.url);
const credentials = await credentialsOf(installation, installation.organizations);

/** Processor seconds so far. */
async function usedBy(own: readonly ChildServer[]) {
  const [server, database, load] = await Promise.all([
    processorSeconds(own.map(({ pid }) => pid)),
    postgresSeconds(postmaster),
    endedChildrenSeconds(),
  ]);
  return { server, database, load };
}
type Used = Awaited<ReturnType<typeof usedBy>>;

interface Round extends Used {
  readonly perSecond: number;
}

/** Each process gets calls of all organizations, each beginning with others. @returns decisions and busy cores in a second */
async function decisions(count: number): Promise<Round> {
  const own = servers.slice(0, count);
  const loads = own.map(({ url }, index) => {
    const begin = Math.floor((credentials.length * index) / count);
    return verifyLoad(url, authorization, [...credentials.slice(begin), ...credentials.slice(0, begin)]);
  });
  const before = await usedBy(own);
  const measured = await Promise.all(loads.map((load) => measure(load, Math.ceil(CONNECTIONS / count), ROUND_SECONDS)));
  const after = await usedBy(own);
  const busy = (who: keyof Used) => (after[who] - before[who]) / ROUND_SECONDS;
  return {
    perSecond: measured.reduce((sum, each) => sum + each.perSecond, 0),
    server: busy('server'),
    database: busy('database'),
    load: busy('load'),
  };
}

const rounds = new Map(COUNTS.map((count) => [count, [] as Round[]]));
for (const count of COUNTS) await decisions(count); // warms up
for (let round = 0; round < ROUNDS; round++) {
  for (const count of COUNTS) rounds.get(count)?.push(await decisions(count));
}

const [fewest = []] = rounds.values();
const cores = availableParallelism();
for (const [count, own] of rounds) {
  const of = (what: keyof Round) => median(own.map((round) => round[what]));
  const perSecond = of('perSecond');
  const ratio = median(own.map((round, index) => round.perSecond / (fewest[index]?.perSecond ?? Number.NaN)));
  const busy = `server ${of('server').toFixed(2)}, database ${of('database').toFixed(2)}, load ${of('load').toFixed(2)}`;
  process.stdout.write(
    `decisions by ${count} processes: ${perSecond.toFixed(0)}/s, ratio ${ratio.toFixed(2)}; of ${cores} cores busy: ${busy}\n`,
  );
  const at = { count, of: 'processes' } as const;
  await record({
    what: 'decisions',
    unit: '/s',
    ours: perSecond,
    against: { name: '1 process', value: median(fewest.map((round) => round.perSecond)), ratio },
    at,
    chart: 'processes',
  });
  for (const who of ['server', 'database', 'load'] as const) {
    const microseconds = median(own.map((round) => (round[who] / round.perSecond) * 1e6));
    await record({ what: `cores busy with the ${who}, of ${cores}`, unit: 'cores', ours: of(who), at });
    await record({ what: `processor time of the ${who} for each`, unit: 'µs', ours: microseconds, at });
  }
}
