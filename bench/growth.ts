// What each kind of work costs as the fleet grows: one provider with 1,000, 10,000 and 100,000 organizations, asked over HTTP,
// each beside its floor in the same rounds: the same SQL by pgbench, an empty route, the bare statements that write the rows.
import { measureBulk, tellBesideBareSql } from './growth/bulk.ts';
import type { Growth } from './growth/contest.ts';
import { GrowingFleet } from './growth/growing-fleet.ts';
import { measureDecisions, measureList, measureRegenerate, type World } from './growth/requests.ts';
import { type BenchInstallation, openBenchInstallation } from './support/bench-installation.ts';
import { type ChildServer, startChild } from './support/child-server.ts';
import { record } from './support/figures.ts';

const SIZES = (process.env['BENCH_SIZES'] ?? '1000,10000,100000').split(',').map(Number);

await using empty = await startChild(['bench/peers/empty-route.ts'], {});
await using small = await openBenchInstallation(0);
const smallFleet = new GrowingFleet(small);
await smallFleet.growTo(SIZES[0] ?? 0);
await using installation = await openBenchInstallation(0);
const fleet = new GrowingFleet(installation);
const growths = new Map<string, Growth>();

async function measureAll() {
  // Both have done nothing yet: one that has run for longer is faster.
  await using keyward = await installation.startServer();
  await using smallServer = await small.startServer();
  const callerOf = async (own: BenchInstallation, { url }: ChildServer) => ({
    url,
    authorization: await own.signIn(url),
  });
  const world: World = {
    installation,
    fleet,
    caller: await callerOf(installation, keyward),
    small: { installation: small, fleet: smallFleet, caller: await callerOf(small, smallServer) },
    emptyUrl: empty.url,
  };
  growths.set('list of 50', await measureList(world));
  growths.set('decision', await measureDecisions(world));
  await measureRegenerate(world);
  return await measureBulk(world);
}

for (const size of SIZES) {
  await fleet.growTo(size);
  await tellBesideBareSql(installation, fleet, await measureAll());
}

const [from, to] = [SIZES[0], SIZES.at(-1)].map((size) => size?.toLocaleString('en'));
for (const [what, { p50Ms, smallMs, ratio }] of growths) {
  process.stdout.write(
    `${what}, p50 with ${to} organizations: ${ratio.toFixed(2)} times that with ${from} (at most 1.3)\n`,
  );
  await record({
    what: `${what}, p50 with ${to} organizations`,
    unit: 'ms',
    ours: p50Ms,
    against: { name: `with ${from}, in the same rounds`, value: smallMs, ratio },
    aim: { of: 'ratio', bound: 'at most', value: 1.3 },
  });
}
