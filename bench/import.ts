// A file of new organizations, each with a subscription and a key: taken in (received, read, checked, kept row by row), and
// run to its end. First against the bare SQL statements that write the same rows, recorded from it and run again on the same
// PostgreSQL; then ten times as many, as a dry run, row by row, once more, and all at once.
import { setImmediate as pause } from 'node:timers/promises';
import { analyze } from '../src/database/analyze.ts';
import { receiveFile } from '../src/http/received-file.ts';
import type { ServiceProviderRef } from '../src/ids.ts';
import { readImport } from '../src/organization-file/read-import.service.ts';
import { runImport } from '../src/organization-file/run-import.service.ts';
import { startImport } from '../src/organization-file/start-import.service.ts';
import { createServiceProvider } from '../src/service-provider/service-provider.service.ts';
import { contextOf, createStaff } from '../test/support/fixtures.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { againstBareSql } from './support/import-floor.ts';
import { median } from './support/load.ts';
import { listPage, watch } from './support/watch.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const FEW = Number(process.env['BENCH_ORGANIZATIONS'] ?? 10_000);
const ROWS = FEW * 10;
const LINES_A_CHUNK = 500;

async function* file(name: string, rows: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from('name,externalId,plan,startsAt,endsAt,callThreshold,thresholdPeriod\n');
  for (let at = 0; at < rows; at += LINES_A_CHUNK) {
    const numbers = Array.from({ length: Math.min(LINES_A_CHUNK, rows - at) }, (_, index) => at + index);
    yield Buffer.from(
      numbers.map((n) => `${name} ${n} GmbH,${name}-${n},API Business,,2100-01-01,1000,DAY\n`).join(''),
    );
    await pause();
  }
}

async function secondsOf<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const startedAt = performance.now();
  const result = await work();
  return [(performance.now() - startedAt) / 1000, result];
}

await using installation = await openBenchInstallation(50);
const { services } = installation;
const platformAdmin = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
const context = () => contextOf(services, platformAdmin.actor);

interface How {
  readonly what: string;
  readonly atomicity: 'ALL_OR_NOTHING' | 'PER_ORGANIZATION';
  readonly dryRun: boolean;
  readonly outcome: 'changed' | 'unchanged';
}

/** @returns the seconds that it took to take the file in, and to run the import */
async function importInto(provider: ServiceProviderRef, rows: number, { what, atomicity, dryRun, outcome }: How) {
  const [received, source] = await secondsOf(() => receiveFile(file(`Customer ${rows}`, rows)));
  await using _ = source;
  const input = { serviceProvider: provider, atomicity, dryRun, idempotencyKey: null, file: source };
  const [kept, ref] = await secondsOf(() => startImport(context(), input));
  const [run] = await secondsOf(() => runImport(services, ref, undefined, () => analyze(installation.ownerUrl)));
  const operation = await readImport(context(), ref);
  if (operation[outcome] !== rows) throw new Error(`the ${what} ended as ${operation.status}: ${operation.failure}`);
  return { kept: received + kept, run };
}

const hows: readonly How[] = [
  { what: 'dry run', atomicity: 'ALL_OR_NOTHING', dryRun: true, outcome: 'changed' },
  { what: 'row by row', atomicity: 'PER_ORGANIZATION', dryRun: false, outcome: 'changed' },
  { what: 'the same again', atomicity: 'PER_ORGANIZATION', dryRun: false, outcome: 'unchanged' },
  { what: 'all or nothing', atomicity: 'ALL_OR_NOTHING', dryRun: false, outcome: 'changed' },
];
async function newProvider(name: string): Promise<ServiceProviderRef> {
  return createServiceProvider(context(), { name, parent: null, baseUrl: null, idempotencyKey: null });
}

const allOrNothing = hows[3];
if (allOrNothing === undefined) throw new Error('unreachable');
const rounds: { ours: number; floor: number }[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const at = await newProvider(`round ${round}`);
  const both = await againstBareSql(installation, at, async () => {
    const { kept, run } = await importInto(at, FEW, allOrNothing);
    return kept + run;
  });
  if (round > 0) rounds.push(both); // the first warms up
}
process.stdout.write(
  `import of ${FEW}, all or nothing: Keyward ${median(rounds.map(({ ours }) => ours)).toFixed(2)} s, the same rows by ` +
    `bare SQL ${median(rounds.map(({ floor }) => floor)).toFixed(2)} s, ratio ` +
    `${median(rounds.map(({ ours, floor }) => ours / floor)).toFixed(2)}\n`,
);

let provider = installation.provider;
for (const rows of [FEW, ROWS]) {
  for (const how of hows) {
    const name = `${how.what} ${rows}`;
    if (how.outcome === 'changed') provider = await newProvider(name);
    let took = { kept: 0, run: 0 };
    const { growthMb, p50Ms, p99Ms } = await watch(
      () => listPage(contextOf(services, installation.ctx.actor)),
      async () => {
        took = await importInto(provider, rows, how);
      },
    );
    if (rows < ROWS) continue; // warms up
    process.stdout.write(
      `import of ${rows}, ${how.what}: ${Math.round(rows / (took.kept + took.run))} rows/s (aim 5000), taken in ` +
        `${took.kept.toFixed(1)} s, run ${took.run.toFixed(1)} s, memory +${growthMb.toFixed(0)} MB (aim 150), lists ` +
        `meanwhile: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms (aim 100)\n`,
    );
  }
}
