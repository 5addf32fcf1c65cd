import { expect, test } from 'vitest';
import { Samples } from '../../../src/watching/samples.ts';

test('one of a kind passes in an interval, and the next one says how many were held back', () => {
  const samples = new Samples(1000);
  expect(samples.take('a', 0)).toEqual({ heldBack: 0 });
  expect(samples.take('a', 10)).toBeNull();
  expect(samples.take('a', 999)).toBeNull();
  expect(samples.take('b', 999)).toEqual({ heldBack: 0 });
  expect(samples.take('a', 1000)).toEqual({ heldBack: 2 });
  expect(samples.take('a', 1999)).toBeNull();
});
