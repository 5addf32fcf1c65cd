// What each kind of work costs as the fleet grows: one provider with 1,000, 10,000 and 100,000 organizations, asked over HTTP,
// each beside its floor in the same rounds: the same SQL by pgbench, an empty route, the bare statements that write the rows.
import { measureBulk, tellBesideBareSql } from './growth/bulk.ts';
import { GrowingFleet } from './growth/growing-fleet.ts';
import { measureDecisions, measureList, measureRegenerate, type World } from './growth/requests.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { startChild } from './support/child-server.ts';
import { record } from './support/figures.ts';

const SIZES = (process.env['BENCH_SIZES'] ?? '1000,10000,100000').split(',').map(Number);
const MOST_TIMES = 1.3;

await using installation = await openBenchInstallation(0);
await using empty = await startChild(['bench/peers/empty-route.ts'], {});
const fleet = new GrowingFleet(installation);
const p50Ms = { 'list of 50': [] as number[], decision: [] as number[] };

async function measureAll() {
  await using keyward = await installation.startServer();
  const caller = { url: keyward.url, authorization: await installation.signIn(keyward.url) };
  const world: World = { installation, fleet, caller, emptyUrl: empty.url };
  p50Ms['list of 50'].push(await measureList(world));
  p50Ms.decision.push(await measureDecisions(world));
  await measureRegenerate(world);
  return await measureBulk(world);
}

for (const size of SIZES) {
  await fleet.growTo(size);
  const seconds = await measureAll(); // by a server that has seen no other size
  await tellBesideBareSql(installation, fleet, seconds);
}

const [from, to] = [SIZES[0], SIZES.at(-1)].map((size) => size?.toLocaleString('en'));
for (const [what, found] of Object.entries(p50Ms)) {
  const [first = Number.NaN, last = Number.NaN] = [found[0], found.at(-1)];
  process.stdout.write(
    `${what}, p50 from ${from} to ${to} organizations: ${(last / first).toFixed(2)} times (at most ${MOST_TIMES})\n`,
  );
  await record({
    what: `${what}, p50 of ${to} organizations`,
    unit: 'ms',
    ours: last,
    against: { name: `of ${from}`, value: first, ratio: last / first },
    aim: { of: 'ratio', bound: 'at most', value: MOST_TIMES },
  });
}
