// What authentication and row-level security cost together: the fleet list of this program as it is, against the same
// program with neither: a fixed actor, and a connection as the tables' owner, whom row-level security does not bind.

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
await using open = await startChild(['bench/peers/unguarded-server.mjs'], {
  PEER_DATABASE_URL: ownerUrl,
  PEER_ROOT_ID: provider.rootProviderId,
});

const guarded = {
  url: `${keyward.url}/graphql`,
  headers: { authorization: await installation.signIn(keyward.url) },
  body: listOfFifty,
};
const unguarded = { url: `${open.url}/graphql`, headers: { authorization: 'Bearer anything' }, body: listOfFifty };

const rates: { guarded: number; unguarded: number }[] = [];
await requestsPerSecond(guarded, CONNECTIONS, 2);
await requestsPerSecond(unguarded, CONNECTIONS, 2);
for (let round = 0; round < ROUNDS; round++) {
  rates.push({
    guarded: await requestsPerSecond(guarded, CONNECTIONS, ROUND_SECONDS),
    unguarded: await requestsPerSecond(unguarded, CONNECTIONS, ROUND_SECONDS),
  });
}
const ratio = median(rates.map((rate) => rate.guarded / rate.unguarded));
const guardedPerSecond = median(rates.map((rate) => rate.guarded));
const unguardedPerSecond = median(rates.map((rate) => rate.unguarded));
process.stdout.write(
  `list of 50: ${guardedPerSecond.toFixed(0)}/s with authentication and row-level security, ` +
    `${unguardedPerSecond.toFixed(0)}/s without, they cost ${((1 - ratio) * 100).toFixed(0)} % (at most 35 %)\n`,
);
await record({
  what: 'list of 50',
  unit: '/s',
  ours: guardedPerSecond,
  against: { name: 'neither authentication nor row-level security', value: unguardedPerSecond, ratio },
  aim: { of: 'ratio', bound: 'at least', value: 0.65 },
});
