// The 50-organization list with keys: full GraphQL with authentication and row-level security, against the same query on
// bare Mercurius with jit and no checks. Both are one process with ten connections to the same PostgreSQL.

import { openBenchInstallation } from './support/bench-installation.ts';
import { startChild } from './support/child-server.ts';
import { record } from './support/figures.ts';
import { listOfFifty } from './support/list-of-fifty.ts';
import { median, requestsPerSecond } from './support/load.ts';

const CONNECTIONS = 16;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ROUND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);

await using installation = await openBenchInstallation(300);
const { ownerUrl, provider } = installation;
await using keyward = await installation.startServer();
await using peer = await startChild(['bench/peers/mercurius-list.ts'], {
  PEER_DATABASE_URL: ownerUrl,
  PEER_ROOT_ID: provider.rootProviderId,
});

const authorization = await installation.signIn(keyward.url);
const ours = { url: `${keyward.url}/graphql`, headers: { authorization }, body: listOfFifty };
const theirs = { url: `${peer.url}/graphql`, headers: {}, body: listOfFifty };

const rates: { ours: number; theirs: number }[] = [];
await requestsPerSecond(ours, CONNECTIONS, 2);
await requestsPerSecond(theirs, CONNECTIONS, 2);
for (let round = 0; round < ROUNDS; round++) {
  rates.push({
    ours: await requestsPerSecond(ours, CONNECTIONS, ROUND_SECONDS),
    theirs: await requestsPerSecond(theirs, CONNECTIONS, ROUND_SECONDS),
  });
}
const ratio = median(rates.map((rate) => rate.ours / rate.theirs));
const oursPerSecond = median(rates.map((rate) => rate.ours));
const theirsPerSecond = median(rates.map((rate) => rate.theirs));
process.stdout.write(
  `list of 50: Keyward ${oursPerSecond.toFixed(0)}/s, bare Mercurius with jit ${theirsPerSecond.toFixed(0)}/s, ` +
    `ratio ${ratio.toFixed(2)} (aim 1.0)\n`,
);
await record({
  what: 'list of 50',
  unit: '/s',
  ours: oursPerSecond,
  against: { name: 'bare Mercurius with jit', value: theirsPerSecond, ratio },
  aim: { of: 'ratio', bound: 'at least', value: 1 },
  chart: 'peers',
});
