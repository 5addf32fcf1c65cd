import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Batcher } from '../../../src/gateway/batcher.ts';

/** Later than any test ends. */
const SOME_DAY = Number.POSITIVE_INFINITY;

/** As many turns of the event loop as it takes to see that nothing more comes. */
async function turn(): Promise<void> {
  for (let turns = 0; turns < 4; turns++) await nextTurn();
}

/** A batcher whose batches end when they are told to. */
function held(limits = { most: 3, enough: 3 }) {
  const batches: { items: readonly number[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const batcher = new Batcher<number, string>(
    (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      batches.push({ items, finish: () => resolve(items.map((item) => `done ${item}`)), fail: reject });
      return promise;
    },
    limits,
    () => new Error('too late'),
  );
  return { batcher, batches };
}

describe('items of one line', () => {
  test('whose time is over before their batch begins are refused, and not begun any more', async () => {
    const { batcher, batches } = held();
    void batcher.add('a', 1, SOME_DAY);
    await turn();
    const late = expect(batcher.add('a', 2, performance.now())).rejects.toThrow('too late');
    void batcher.add('a', 3, SOME_DAY);
    batches[0]?.finish();
    await late;
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1], [3]]);
  });

  test('that come together go together, in their order, and each gets its own result', async () => {
    const { batcher, batches } = held();
    const results = [1, 2].map((item) => batcher.add('a', item, SOME_DAY));
    await nextTurn();
    results.push(batcher.add('a', 3, SOME_DAY));
    expect(batches).toEqual([]);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    batches[0]?.finish();
    expect(await Promise.all(results)).toEqual(['done 1', 'done 2', 'done 3']);
  });

  test('wait while a batch is under way, and then go together, as many as a batch may have', async () => {
    const { batcher, batches } = held();
    for (const item of [1, 2, 3, 4, 5]) {
      void batcher.add('a', item, SOME_DAY);
      await turn();
    }
    expect(batches.map(({ items }) => items)).toEqual([[1]]);
    batches[0]?.finish();
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    batches[1]?.finish();
    await turn();
    expect(batches[2]?.items).toEqual([5]);
  });

  test('do not wait for more when there are enough', async () => {
    const { batcher, batches } = held({ most: 10, enough: 2 });
    for (const item of [1, 2]) void batcher.add('a', item, SOME_DAY);
    await nextTurn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
  });

  test('are never in a batch that began before them', async () => {
    const { batcher, batches } = held({ most: 10, enough: 1 });
    void batcher.add('a', 1, SOME_DAY);
    await turn();
    const late = batcher.add('a', 2, SOME_DAY);
    batches[0]?.finish();
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1], [2]]);
    batches[1]?.finish();
    expect(await late).toBe('done 2');
  });

  test('fail together, and the next ones do not', async () => {
    const { batcher, batches } = held({ most: 10, enough: 1 });
    const failed = [1, 2].map((item) => batcher.add('a', item, SOME_DAY));
    await turn();
    const next = batcher.add('a', 3, SOME_DAY);
    batches[0]?.fail(new Error('lost'));
    for (const result of failed) await expect(result).rejects.toThrow('lost');
    await turn();
    batches[1]?.finish();
    expect(await next).toBe('done 3');
  });

  test('do not wait for those of another line', async () => {
    const { batcher, batches } = held({ most: 10, enough: 1 });
    void batcher.add('a', 1, SOME_DAY);
    void batcher.add('b', 2, SOME_DAY);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1], [2]]);
  });
});
