// Regenerate per second: the whole way through HTTP, GraphQL, rules, encryption and audit, against pgbench running the same
// SQL statements, recorded from one regenerate, on the same PostgreSQL with the same number of connections.
import type { OrganizationRef } from '../src/ids.ts';
import { openBenchInstallation } from './support/bench-installation.ts';
import { record } from './support/figures.ts';
import { median } from './support/load.ts';
import { pgbenchPerSecond } from './support/pgbench.ts';
import { REGENERATED, regenerateBody, regenerateScripts } from './support/regenerate.ts';

const CONNECTIONS = 8;
const ORGANIZATIONS = 64;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

await using installation = await openBenchInstallation(ORGANIZATIONS);
const { organizations, runtimeUrl } = installation;
await using keyward = await installation.startServer();

async function keywardPerSecond(authorization: string): Promise<number> {
  const endsAt = performance.now() + ROUND_SECONDS * 1000;
  const startedAt = performance.now();
  let done = 0;
  const client = async (own: readonly OrganizationRef[]) => {
    for (let turn = 0; performance.now() < endsAt; turn++) {
      const ref = own[turn % own.length];
      if (ref === undefined) throw new Error('a client without an organization');
      const response = await fetch(`${keyward.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: regenerateBody(ref),
      });
      const text = await response.text();
      if (!text.includes(REGENERATED)) throw new Error('a regenerate was refused');
      done++;
    }
  };
  const share = ORGANIZATIONS / CONNECTIONS;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => client(organizations.slice(index * share, (index + 1) * share))),
  );
  return done / ((performance.now() - startedAt) / 1000);
}

const authorization = await installation.signIn(keyward.url);
await using scripts = await regenerateScripts(installation, organizations);
const rates: { ours: number; floor: number }[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const ours = await keywardPerSecond(authorization);
  const floor = await pgbenchPerSecond(runtimeUrl, scripts, CONNECTIONS, ROUND_SECONDS);
  if (round > 0) rates.push({ ours, floor }); // the first warms up
}
const ratio = median(rates.map((rate) => rate.ours / rate.floor));
const oursPerSecond = median(rates.map((rate) => rate.ours));
const floorPerSecond = median(rates.map((rate) => rate.floor));
process.stdout.write(
  `regenerate: Keyward ${oursPerSecond.toFixed(0)}/s, pgbench with the same statements ${floorPerSecond.toFixed(0)}/s, ` +
    `ratio ${ratio.toFixed(2)} (aim 0.5)\n`,
);
await record({
  what: 'regenerate',
  unit: '/s',
  ours: oursPerSecond,
  against: { name: 'the same statements by pgbench', value: floorPerSecond, ratio },
  aim: { of: 'ratio', bound: 'at least', value: 0.5 },
  chart: 'peers',
});
