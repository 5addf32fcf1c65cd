import { describe, expect, test } from 'vitest';
import {
  newTermsFor,
  overlapOf,
  parseTerms,
  type RotationPolicy,
  type RotationTerms,
  saysTheSame,
  slotTermsOf,
} from '../../../src/rotation/rotation-policy.ts';
import { refusalOf } from '../refusal.ts';

const terms: RotationTerms = { name: ' Monthly ', maximumAgeDays: 30, mode: 'AUTOMATIC', ...newTermsFor(30) };

describe('what a policy says', () => {
  test('is kept in order', () => {
    const parsed = parseTerms({ ...terms, noticeDays: [1, 7, 1], overlapMinutes: 60 }, 60);
    expect(parsed).toMatchObject({ name: 'Monthly', noticeDays: [7, 1], overlapMinutes: 60 });
    expect(slotTermsOf(parsed)).toEqual({ afterDays: 30, leadDays: 1, noticeDays: 7, gapDays: 3 });
  });

  test('needs no lead times', () => {
    expect(slotTermsOf(parseTerms({ ...terms, noticeDays: [] }, 0))).toMatchObject({ leadDays: 0, noticeDays: 0 });
  });

  test.each([
    ['name', { name: ' ' }],
    ['maximumAgeDays', { maximumAgeDays: 0 }],
    ['maximumAgeDays', { maximumAgeDays: 3651 }],
    ['maximumAgeDays', { maximumAgeDays: 1.5 }],
    ['noticeDays', { noticeDays: [0] }],
    ['noticeDays', { noticeDays: [30] }],
    ['noticeDays', { noticeDays: [1.5] }],
    ['noticeDays', { noticeDays: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }],
    ['overlapMinutes', { overlapMinutes: 61 }],
    ['overlapMinutes', { overlapMinutes: -1 }],
    ['overlapMinutes', { overlapMinutes: 1441 }],
    ['overlapGraceMinutes', { overlapGraceMinutes: 0 }],
  ])('is refused for a bad %s', (field, bad) => {
    expect(refusalOf(() => parseTerms({ ...terms, ...bad }, 60))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: [field],
    });
  });

  test('has usual lead times as far as the key grows old enough for them', () => {
    expect([30, 10, 1].map((days) => newTermsFor(days).noticeDays)).toEqual([[14, 7, 1], [7, 1], []]);
  });

  test('is the same under another name alone', () => {
    expect(saysTheSame(terms, { ...terms, name: 'Other' })).toBe(true);
    expect(saysTheSame(terms, { ...terms, isEnabled: false })).toBe(false);
    expect(saysTheSame(terms, { ...terms, window: { ...terms.window, toHour: 5 } })).toBe(false);
  });

  test('gives way to what the provider allows by then', () => {
    const policy = { overlapMinutes: 60, overlapGraceMinutes: 5 } as RotationPolicy; // nothing else counts
    expect([0, 30, 90].map((allowed) => overlapOf(policy, allowed))).toEqual([
      null,
      { minutes: 30, graceMinutes: 5 },
      { minutes: 60, graceMinutes: 5 },
    ]);
  });
});
