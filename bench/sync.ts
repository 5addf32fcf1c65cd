// One string in many organizations: the whole sync (target, rules, encryption, audit, outcomes) against the bare SQL statements
// that write the same rows, recorded from it and run again on the same PostgreSQL by one connection, in the same transactions.
import pg from 'pg';
import { regenerateApiKey } from '../src/api-key/api-key.service.ts';
import { createServiceProvider } from '../src/service-provider/service-provider.service.ts';
import { contextOf, createStaff } from '../test/support/fixtures.ts';
import { insertKeyedFleet } from '../test/support/keyed-fleet.ts';
import { type BenchInstallation, openBenchInstallation } from './support/bench-installation.ts';
import { atMost, record } from './support/figures.ts';
import { median, secondsOf } from './support/load.ts';
import { syncAgainstBareSql, syncWhole } from './support/sync-floor.ts';
import { listPage, watch } from './support/watch.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const FEW = Number(process.env['BENCH_ORGANIZATIONS'] ?? 10_000);
const MANY = FEW * 10;

async function fleetOf(installation: BenchInstallation, name: string, size: number) {
  const { services, ownerUrl } = installation;
  const platform = await createStaff(services, 'PLATFORM_ADMIN', 'PLATFORM');
  const asPlatform = contextOf(services, platform.actor);
  const provider = await createServiceProvider(asPlatform, { name, parent: null, baseUrl: null, idempotencyKey: null });
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 });
  const [first] = await insertKeyedFleet(
    services,
    (sql, values) => owner.query(sql, [...(values ?? [])]),
    provider,
    size,
  );
  await owner.end();
  const admin = await createStaff(services, 'PROVIDER_ADMIN', provider);
  if (first === undefined) throw new Error('a fleet has organizations');
  return { provider, first, ctx: () => contextOf(services, admin.actor) };
}

await using installation = await openBenchInstallation(0);
const few = await fleetOf(installation, 'Few', FEW);
const rounds: { ours: number; floor: number }[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const both = await syncAgainstBareSql(installation.runtimeUrl, few.ctx(), few.provider);
  if (round > 0) rounds.push(both); // the first warms up
}
const oursFew = median(rounds.map(({ ours }) => ours));
const floorFew = median(rounds.map(({ floor }) => floor));
const ratio = median(rounds.map(({ ours, floor }) => ours / floor));
process.stdout.write(
  `sync of ${FEW}: Keyward ${oursFew.toFixed(2)} s, the same rows by bare SQL ${floorFew.toFixed(2)} s, ` +
    `ratio ${ratio.toFixed(2)} (aim 1.5)\n`,
);

const many = await fleetOf(installation, 'Many', MANY);
await syncWhole(few.ctx(), few.provider);
const key = { organization: few.first, kind: 'CLOUD_SERVICE', expectedVersion: null, idempotencyKey: null } as const;
let oursMany = 0;
// Now and then a new key for one organization that the sync is not about.
const { growthMb, requests, p50Ms, p99Ms } = await watch(
  (turn) => (turn % 4 === 3 ? regenerateApiKey(few.ctx(), key) : listPage(few.ctx())),
  async () => {
    oursMany = await secondsOf(() => syncWhole(many.ctx(), many.provider));
  },
);
const times = oursMany / oursFew;
process.stdout.write(
  `sync of ${MANY}: ${oursMany.toFixed(2)} s, ${times.toFixed(1)} times as long (aim 12), memory ` +
    `+${growthMb.toFixed(0)} MB (aim 150), ${requests} requests of others meanwhile: p50 ${p50Ms.toFixed(1)} ms, ` +
    `p99 ${p99Ms.toFixed(1)} ms (aim 100)\n`,
);
const fewNamed = `sync of ${FEW.toLocaleString('en')}`;
const manyNamed = `sync of ${MANY.toLocaleString('en')}`;
await record(
  {
    what: fewNamed,
    unit: 's',
    ours: oursFew,
    against: { name: 'the same rows by bare SQL', value: floorFew, ratio },
    aim: { of: 'ratio', bound: 'at most', value: 1.5 },
  },
  {
    what: manyNamed,
    unit: 's',
    ours: oursMany,
    against: { name: fewNamed, value: oursFew, ratio: times },
    aim: { of: 'ratio', bound: 'at most', value: 12 },
  },
  { what: `${manyNamed}, memory`, unit: 'MB', ours: growthMb, aim: atMost(150) },
  { what: `${manyNamed}, p99 of others meanwhile`, unit: 'ms', ours: p99Ms, aim: atMost(100) },
);
