import { median } from '../support/load.ts';
import { type ManyRequests, measure } from '../support/wrk.ts';
import type { Side } from './requests.ts';

/** Of two new processes one is often a third faster than the other: growth is what several pairs have in common. */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const ROUNDS = 3;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);
const WARM_CONNECTIONS = 8;

/** Half of the answers come within so many milliseconds, one request after the other. */
export interface Growth {
  readonly p50Ms: number;
  readonly smallMs: number;
  /** Of the two, in the same rounds: the median of all pairs. */
  readonly ratio: number;
}

type Grown = Omit<Side, 'caller'>;
type LoadOf = (side: Side) => ManyRequests | Promise<ManyRequests>;

/** The same request of a small and of a large fleet, each asked of a server that has done nothing else, in turns. */
export async function growthOf(small: Grown, large: Grown, loadOf: LoadOf): Promise<Growth> {
  const pairs: Growth[] = [];
  while (pairs.length < PAIRS) pairs.push(await onePair(small, large, loadOf));
  const middle = (value: (pair: Growth) => number) => median(pairs.map(value));
  return {
    p50Ms: middle(({ p50Ms }) => p50Ms),
    smallMs: middle(({ smallMs }) => smallMs),
    ratio: middle(({ ratio }) => ratio),
  };
}

async function onePair(small: Grown, large: Grown, loadOf: LoadOf): Promise<Growth> {
  await using smallServer = await small.installation.startServer();
  await using largeServer = await large.installation.startServer();
  const loads = {
    small: await loadOf(await sideOf(small, smallServer.url)),
    large: await loadOf(await sideOf(large, largeServer.url)),
  };
  for (const load of Object.values(loads)) await measure(load, WARM_CONNECTIONS, SECONDS);
  const rounds: { readonly smallMs: number; readonly p50Ms: number }[] = [];
  while (rounds.length < ROUNDS) {
    const { p50Ms: smallMs } = await measure(loads.small, 1, SECONDS);
    rounds.push({ smallMs, p50Ms: (await measure(loads.large, 1, SECONDS)).p50Ms });
  }
  return {
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    smallMs: median(rounds.map(({ smallMs }) => smallMs)),
    ratio: median(rounds.map(({ p50Ms, smallMs }) => p50Ms / smallMs)),
  };
}

async function sideOf(grown: Grown, url: string): Promise<Side> {
  return { ...grown, caller: { url, authorization: await grown.installation.signIn(url) } };
}
