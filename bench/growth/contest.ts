import { type Figure, record } from '../support/figures.ts';
import { median } from '../support/load.ts';
import type { PgbenchScripts } from '../support/pgbench.ts';
import { pgbenchPerSecond } from '../support/pgbench.ts';
import { type ManyRequests, type Measured, measure } from '../support/wrk.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);

type Pace = Pick<Measured, 'perSecond' | 'p50Ms'>;

/** A request of ours, and what it is measured against; both with many connections, and with one. */
export interface Contest {
  readonly what: string;
  readonly connections: number;
  readonly ours: ManyRequests;
  readonly against: string;
  readonly floor: (connections: number) => Promise<Pace>;
}

/** Recorded statements alone. Of pgbench the mean stands for the median. */
export function byPgbench(url: string, scripts: PgbenchScripts): Contest['floor'] {
  return async (connections) => {
    const perSecond = await pgbenchPerSecond(url, scripts, connections, SECONDS);
    return { perSecond, p50Ms: (connections * 1000) / perSecond };
  };
}

export function byWrk(load: ManyRequests): Contest['floor'] {
  return (connections) => measure(load, connections, SECONDS);
}

/** In turns, and told. */
export async function hold(size: number, { what, connections, ours, against, floor }: Contest): Promise<void> {
  await measure(ours, connections, SECONDS); // warms up
  const rounds: { busy: Measured; busyFloor: Pace; calm: Measured; calmFloor: Pace }[] = [];
  while (rounds.length < ROUNDS) {
    rounds.push({
      busy: await measure(ours, connections, SECONDS),
      busyFloor: await floor(connections),
      calm: await measure(ours, 1, SECONDS),
      calmFloor: await floor(1),
    });
  }
  const middle = (value: (round: (typeof rounds)[number]) => number) => median(rounds.map(value));
  const [perSecond, floorPerSecond] = [
    middle(({ busy }) => busy.perSecond),
    middle((each) => each.busyFloor.perSecond),
  ];
  const [p50Ms, floorMs] = [middle(({ calm }) => calm.p50Ms), middle(({ calmFloor }) => calmFloor.p50Ms)];
  const p99Ms = middle(({ calm }) => calm.p99Ms);
  process.stdout.write(
    `${size}: ${what}: ${perSecond.toFixed(0)}/s (${against} ${floorPerSecond.toFixed(0)}/s), one after the other p50 ` +
      `${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms (${against} ${floorMs.toFixed(2)} ms)\n`,
  );
  const at = { count: size, of: 'organizations' } as const;
  const beside = (value: number, ratioToFloor: number): Figure['against'] => ({
    name: against,
    value,
    ratio: ratioToFloor,
  });
  const busyRatio = middle(({ busy, busyFloor }) => busy.perSecond / busyFloor.perSecond);
  const calmRatio = middle(({ calm, calmFloor }) => calm.p50Ms / calmFloor.p50Ms);
  await record(
    { what, unit: '/s', ours: perSecond, against: beside(floorPerSecond, busyRatio), at },
    { what: `${what}, p50`, unit: 'ms', ours: p50Ms, against: beside(floorMs, calmRatio), at, chart: 'latency' },
    { what: `${what}, p99`, unit: 'ms', ours: p99Ms, at, chart: 'latency' },
  );
}
