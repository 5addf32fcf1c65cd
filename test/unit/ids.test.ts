import { validate, version } from 'uuid';
import { expect, test, vi } from 'vitest';
import { newId } from '../../src/ids.ts';

const MANY = 20_000;

test('ids are UUIDs of version 7, each there once, in the order in which they were made', () => {
  const ids = Array.from({ length: MANY }, () => newId());
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(new Set(ids).size).toBe(MANY);
  expect(ids.toSorted()).toEqual(ids);
  const madeAt = Number.parseInt(ids.at(-1)?.replaceAll('-', '').slice(0, 12) ?? '', 16);
  expect(Math.abs(Date.now() - madeAt)).toBeLessThan(1000);
});

test('they stay in order when the clock goes back', () => {
  const before = newId();
  vi.useFakeTimers({ now: Date.now() - 60_000 });
  const after = newId();
  vi.useRealTimers();
  expect(after > before).toBe(true);
});

test('nobody can guess one from another: 44 bits and more of each are its own', () => {
  const tails = Array.from({ length: MANY }, () => newId().slice(-11));
  expect(new Set(tails).size).toBe(MANY);
});
