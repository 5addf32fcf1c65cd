import { describe, expect, test } from 'vitest';
import { acceptsString, acceptsVersion, isFirstUse, overlapAt, parseOverlap } from '../../../src/api-key/overlap.ts';
import type { Fingerprint } from '../../../src/secrets/tenant-keys.ts';
import { refusalOf } from '../refusal.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const LATER = new Date(NOW.getTime() + 1);
const [OLD, NEW, OTHER] = ['old', 'new', 'other'] as Fingerprint[] as [Fingerprint, Fingerprint, Fingerprint];
const overlap = { fingerprint: OLD, endsAt: LATER, firstUsedAt: null };
const slot = { version: 7, fingerprint: NEW, overlap };

describe('while both strings work', () => {
  test('both are accepted, and no other', () => {
    expect([OLD, NEW, OTHER].map((given) => acceptsString(slot, given, NOW))).toEqual([true, true, false]);
  });

  test('what was opened at this version and the one before lives', () => {
    expect([5, 6, 7, 8].map((version) => acceptsVersion(slot, version, NOW))).toEqual([false, true, true, false]);
  });

  test('the first use of the new one counts, once', () => {
    expect([OLD, NEW].map((given) => isFirstUse(slot, given, NOW))).toEqual([false, true]);
    expect(isFirstUse({ ...slot, overlap: { ...overlap, firstUsedAt: NOW } }, NEW, NOW)).toBe(false);
  });
});

describe.each([
  ['from the instant of its end on', slot, LATER],
  ['without an overlap', { ...slot, overlap: null }, NOW],
] as const)('%s', (_, given, at) => {
  test('the current string alone works', () => {
    expect(overlapAt(given.overlap, at)).toBeNull();
    expect([OLD, NEW].map((fingerprint) => acceptsString(given, fingerprint, at))).toEqual([false, true]);
    expect([6, 7].map((version) => acceptsVersion(given, version, at))).toEqual([false, true]);
    expect(isFirstUse(given, NEW, at)).toBe(false);
  });
});

test('an empty slot accepts nothing', () => {
  expect(acceptsString({ fingerprint: null, overlap: null }, NEW, NOW)).toBe(false);
});

describe('what is asked for', () => {
  test('is taken as far as it is allowed', () => {
    expect(parseOverlap(0, 15, 0)).toBeNull();
    expect(parseOverlap(60, 15, 60)).toEqual({ minutes: 60, graceMinutes: 15 });
  });

  test.each([
    [-1, 15, 1440, 'overlapMinutes'],
    [1441, 15, 1440, 'overlapMinutes'],
    [0.5, 15, 1440, 'overlapMinutes'],
    [Number.NaN, 15, 1440, 'overlapMinutes'],
    [61, 15, 60, 'overlapMinutes'],
    [1, 15, 0, 'overlapMinutes'],
    [60, 0, 60, 'overlapGraceMinutes'],
    [60, 1441, 60, 'overlapGraceMinutes'],
  ])('%d minutes with a grace of %d where %d are allowed is refused', (minutes, grace, allowed, field) => {
    const refusal = refusalOf(() => parseOverlap(minutes, grace, allowed));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: [field] });
  });
});
