import { setTimeout as wait } from 'node:timers/promises';
import type { RequestContext } from '../../src/context.ts';
import { listFleet } from '../../src/fleet/fleet.service.ts';
import { WHOLE_FLEET } from '../../src/fleet/fleet.ts';

export interface Watched {
  /** The most that the process's memory has grown by meanwhile. */
  readonly growthMb: number;
  /** How many other requests the same process has answered meanwhile, one after the other. */
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What `work` does to the process that it runs in. @param request of whoever else asks it something, the nth in turn */
export async function watch(request: (turn: number) => Promise<unknown>, work: () => Promise<void>): Promise<Watched> {
  const before = process.memoryUsage().rss;
  let highest = before;
  const look = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 50);
  let isOver = false;
  const others = latencies(request, () => isOver);
  await work().finally(() => {
    isOver = true;
    clearInterval(look);
  });
  const sorted = (await others).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { growthMb: (highest - before) / 2 ** 20, requests: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function latencies(request: (turn: number) => Promise<unknown>, isOver: () => boolean): Promise<number[]> {
  const found: number[] = [];
  for (let turn = 0; !isOver(); turn++) {
    const startedAt = performance.now();
    await request(turn);
    found.push(performance.now() - startedAt);
    await wait(5);
  }
  return found;
}

/** The first fifty organizations by name, as the console lists them. */
export function listPage(ctx: RequestContext): Promise<unknown> {
  const order = { field: 'NAME', direction: 'ASC' } as const;
  return listFleet(ctx, null, { filter: WHOLE_FLEET, order, page: { first: 50, after: null } });
}
