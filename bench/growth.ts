// What each kind of work costs as the fleet grows: one provider with 1,000, 10,000 and 100,000 organizations, asked over HTTP,
// each beside its floor in the same rounds: the same SQL by pgbench, an empty route, the bare statements that write the rows.
// At the end the largest fleet beside one of the smallest size, each asked of several new servers.
import { measureBulk, tellBesideBareSql } from './growth/bulk.ts';
import { GrowingFleet } from './growth/growing-fleet.ts';
import { growthOf } from './growth/pairs.ts';
import {
  decisionLoad,
  listLoad,
  measureDecisions,
  measureList,
  measureRegenerate,
  type World,
} from './growth/requests.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { startChild } from './support/child-server.ts';
import { record } from './support/figures.ts';

const SIZES = (process.env['BENCH_SIZES'] ?? '1000,10000,100000').split(',').map(Number);

await using empty = await startChild(['bench/peers/empty-route.ts'], {});
await using installation = await openBenchInstallation(0);
const fleet = new GrowingFleet(installation);

async function measureAll() {
  await using keyward = await installation.startServer(); // one that has seen no other size
  const world: World = {
    installation,
    fleet,
    caller: { url: keyward.url, authorization: await installation.signIn(keyward.url) },
    emptyUrl: empty.url,
  };
  await measureList(world);
  await measureDecisions(world);
  await measureRegenerate(world);
  return await measureBulk(world);
}

for (const size of SIZES) {
  await fleet.growTo(size);
  await tellBesideBareSql(installation, fleet, await measureAll());
}

await using small = await openBenchInstallation(0);
const smallFleet = new GrowingFleet(small);
await smallFleet.growTo(SIZES[0] ?? 0);
const [from, to] = [SIZES[0], SIZES.at(-1)].map((size) => size?.toLocaleString('en'));
for (const [what, loadOf] of [['list of 50', listLoad] as const, ['decision', decisionLoad] as const]) {
  const sides = [
    { installation: small, fleet: smallFleet },
    { installation, fleet },
  ] as const;
  const { p50Ms, smallMs, ratio } = await growthOf(...sides, loadOf);
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
