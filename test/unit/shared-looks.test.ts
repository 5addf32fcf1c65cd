import { describe, expect, test } from 'vitest';
import { SharedLooks } from '../../src/shared-looks.ts';

const INTERVAL_MS = 50;

function counted() {
  let count = 0;
  return { look: async () => ++count, count: () => count };
}

/** What somebody sees who takes so many. */
async function take(watched: AsyncGenerator<number>, most: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const value of watched) if (seen.push(value) >= most) break;
  return seen;
}

describe('shared looks', () => {
  test('cost the same for many listeners as for one', async () => {
    const looks = new SharedLooks<number>(INTERVAL_MS);
    const { look, count } = counted();
    const { signal } = new AbortController();
    const all = await Promise.all(Array.from({ length: 100 }, () => take(looks.watch('key', look, signal), 10)));
    expect(count()).toBeLessThan(50); // of a thousand
    for (const seen of all) expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('are not shared by those who look with other eyes', async () => {
    const looks = new SharedLooks<string>(INTERVAL_MS);
    const { signal } = new AbortController();
    const first = async (key: string) => {
      for await (const seen of looks.watch(key, async () => `seen by ${key}`, signal)) return seen;
      return null;
    };
    expect(await Promise.all(['one', 'other'].map(first))).toEqual(['seen by one', 'seen by other']);
  });

  test('end at the signal, between two looks, and nobody looks any more', async () => {
    const looks = new SharedLooks<number>(3_600_000);
    const { look, count } = counted();
    const ending = new AbortController();
    const watched = looks.watch('key', look, ending.signal);
    expect(await watched.next()).toEqual({ done: false, value: 1 });
    const waiting = watched.next();
    ending.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(count()).toBe(1);
  });

  test('miss what comes and goes while a listener is busy', async () => {
    const looks = new SharedLooks<number>(INTERVAL_MS);
    const { look } = counted();
    const { signal } = new AbortController();
    const slow = looks.watch('key', look, signal);
    const quick = take(looks.watch('key', look, signal), 6);
    expect((await slow.next()).value).toBe(1);
    const seen = await quick;
    expect((await slow.next()).value).toBeGreaterThanOrEqual(seen.at(-1) ?? 0);
  });

  test('that failed are not kept: the next one looks again', async () => {
    const looks = new SharedLooks<string>(INTERVAL_MS);
    const { signal } = new AbortController();
    const failing = looks.watch('key', () => Promise.reject(new Error('no database')), signal);
    await expect(failing.next()).rejects.toThrow('no database');
    const watched = looks.watch('key', async () => 'seen', signal);
    expect((await watched.next()).value).toBe('seen');
  });
});
