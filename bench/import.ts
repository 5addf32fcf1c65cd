// A file of new organizations, each with a subscription and a key: taken in (received, read, checked, kept row by row), and
// run to its end. First against the bare SQL statements that write the same rows, recorded from it and run again on the same
// PostgreSQL; then ten times as many, as a dry run, row by row, once more, and all at once.
import type { ServiceProviderRef } from '../src/ids.ts';
import { createServiceProvider } from '../src/service-provider/service-provider.service.ts';
import { contextOf, createStaff } from '../test/support/fixtures.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { atLeast, atMost, record } from './support/figures.ts';
import { againstBareSql } from './support/import-floor.ts';
import { ALL_OR_NOTHING, type How, importInto } from './support/import-run.ts';
import { median } from './support/load.ts';
import { listPage, watch } from './support/watch.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const FEW = Number(process.env['BENCH_ORGANIZATIONS'] ?? 10_000);
const ROWS = FEW * 10;

await using installation = await openBenchInstallation(50);
const { services } = installation;
const platformAdmin = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
const context = () => contextOf(services, platformAdmin.actor);

const hows: readonly How[] = [
  { what: 'dry run', atomicity: 'ALL_OR_NOTHING', dryRun: true, outcome: 'changed' },
  { what: 'row by row', atomicity: 'PER_ORGANIZATION', dryRun: false, outcome: 'changed' },
  { what: 'the same again', atomicity: 'PER_ORGANIZATION', dryRun: false, outcome: 'unchanged' },
  ALL_OR_NOTHING,
];
async function newProvider(name: string): Promise<ServiceProviderRef> {
  return createServiceProvider(context(), { name, parent: null, baseUrl: null, idempotencyKey: null });
}

const rounds: { ours: number; floor: number }[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const at = await newProvider(`round ${round}`);
  const both = await againstBareSql(installation, at, async () => {
    const { kept, run } = await importInto(installation, context, at, FEW, ALL_OR_NOTHING);
    return kept + run;
  });
  if (round > 0) rounds.push(both); // the first warms up
}
const oursFew = median(rounds.map(({ ours }) => ours));
const floorFew = median(rounds.map(({ floor }) => floor));
const ratio = median(rounds.map(({ ours, floor }) => ours / floor));
process.stdout.write(
  `import of ${FEW}, all or nothing: Keyward ${oursFew.toFixed(2)} s, the same rows by bare SQL ${floorFew.toFixed(2)} s, ` +
    `ratio ${ratio.toFixed(2)}\n`,
);
await record({
  what: `${FEW.toLocaleString('en')}, all or nothing`,
  unit: 's',
  ours: oursFew,
  against: { name: 'the same rows by bare SQL', value: floorFew, ratio },
});

let provider = installation.provider;
for (const rows of [FEW, ROWS]) {
  for (const how of hows) {
    const name = `${how.what} ${rows}`;
    if (how.outcome === 'changed') provider = await newProvider(name);
    let took = { kept: 0, run: 0 };
    const { growthMb, p50Ms, p99Ms } = await watch(
      () => listPage(contextOf(services, installation.ctx.actor)),
      async () => {
        took = await importInto(installation, context, provider, rows, how);
      },
    );
    if (rows < ROWS) continue; // warms up
    const perSecond = rows / (took.kept + took.run);
    process.stdout.write(
      `import of ${rows}, ${how.what}: ${Math.round(perSecond)} rows/s (aim 5000), taken in ` +
        `${took.kept.toFixed(1)} s, run ${took.run.toFixed(1)} s, memory +${growthMb.toFixed(0)} MB (aim 150), lists ` +
        `meanwhile: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms (aim 100)\n`,
    );
    const what = `${rows.toLocaleString('en')}, ${how.what}`;
    await record(
      { what, unit: 'rows/s', ours: perSecond, aim: atLeast(5000) },
      { what: `${what}, memory`, unit: 'MB', ours: growthMb, aim: atMost(150) },
      { what: `${what}, p99 of lists meanwhile`, unit: 'ms', ours: p99Ms, aim: atMost(100) },
    );
  }
}
