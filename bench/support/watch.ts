import { setTimeout as wait } from 'node:timers/promises';
import type { RequestContext } from '../../src/context.ts';
import { listFleet } from '../../src/fleet/fleet.service.ts';
import { WHOLE_FLEET } from '../../src/fleet/fleet.ts';

export interface Watched {
  /** The most that the process's memory has grown by meanwhile. */
  readonly growthMb: number;
  /** Of other requests in the same process: pages of organizations, one after the other. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What `work` does to the process that it runs in. @param context of whoever else asks it something */
export async function watch(context: () => RequestContext, work: () => Promise<void>): Promise<Watched> {
  const before = process.memoryUsage().rss;
  let highest = before;
  const look = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 50);
  let isOver = false;
  const others = latencies(context, () => isOver);
  await work().finally(() => {
    isOver = true;
    clearInterval(look);
  });
  const sorted = (await others).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { growthMb: (highest - before) / 2 ** 20, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function latencies(context: () => RequestContext, isOver: () => boolean): Promise<number[]> {
  const found: number[] = [];
  const query = {
    filter: WHOLE_FLEET,
    order: { field: 'NAME', direction: 'ASC' },
    page: { first: 50, after: null },
  } as const;
  while (!isOver()) {
    const startedAt = performance.now();
    await listFleet(context(), null, query);
    found.push(performance.now() - startedAt);
    await wait(5);
  }
  return found;
}
