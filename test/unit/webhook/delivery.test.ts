import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasFailedForLong, LONGEST_TRYING_MS, nextAttemptAt } from '../../../src/webhook/delivery.ts';

const START = new Date('2026-11-21T00:00:00Z');

function pauses(random: () => number): number[] {
  const made: number[] = [];
  let now = START;
  for (let attempts = 1; ; attempts++) {
    const next = nextAttemptAt(attempts, START, now, random());
    if (next === null) return made;
    made.push(next.getTime() - now.getTime());
    now = next;
  }
}

test('attempts go on for three days, the last one when they are over', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
      const made = pauses(() => stream.next().value);
      expect(made.reduce((sum, pause) => sum + pause, 0)).toBe(LONGEST_TRYING_MS);
      expect(made.length).toBeGreaterThanOrEqual(13);
      expect(made.length).toBeLessThan(20);
    }),
  );
});

test('pauses grow, from seconds to half a day, and differ by up to a fifth', () => {
  const hour = 3600 * 1000;
  const usual = pauses(() => 0.5).slice(0, -1);
  expect(usual).toEqual([...usual].sort((one, other) => one - other));
  expect(usual.slice(0, 3)).toEqual([5_000, 30_000, 120_000]);
  expect(usual.at(-1)).toBe(12 * hour);
  expect([pauses(() => 0)[0], pauses(() => 1)[0]]).toEqual([4_000, 6_000]);
});

test('an endpoint is left alone after three days without a success', () => {
  const later = (ms: number) => new Date(START.getTime() + ms);
  expect(hasFailedForLong(START, later(LONGEST_TRYING_MS - 1))).toBe(false);
  expect(hasFailedForLong(START, later(LONGEST_TRYING_MS))).toBe(true);
});
