import { describe, expect, test } from 'vitest';
import { parseUsageRange, toUsagePoints } from '../../../src/usage/usage-history.ts';
import { refusalOf } from '../refusal.ts';

const NOW = new Date('2028-03-01T00:30:00.000Z');
const day = (text: string) => new Date(`2028-${text}`);

describe('a range', () => {
  test('is of whole periods, with a point for each, also for those without a call', () => {
    const range = parseUsageRange(day('02-28T17:00Z'), null, 'DAY', NOW);
    const counted = [
      { startsAt: day('02-28T18:00Z'), calls: 4 },
      { startsAt: day('02-28T19:00Z'), calls: 1 },
      { startsAt: day('03-01T00:00Z'), calls: 2 },
    ];
    expect(toUsagePoints(range, counted)).toEqual([
      { startsAt: day('02-28T00:00Z'), calls: 5 },
      { startsAt: day('02-29T00:00Z'), calls: 0 },
      { startsAt: day('03-01T00:00Z'), calls: 2 },
    ]);
  });

  test('that ends where a period ends does not have the next one', () => {
    const range = parseUsageRange(day('01-31T00:00Z'), day('03-01T00:00Z'), 'MONTH', NOW);
    expect(range).toMatchObject({ since: day('01-01T00:00Z'), until: day('03-01T00:00Z') });
    expect(toUsagePoints(range, [])).toHaveLength(2);
  });

  test.each([
    ['backwards', day('02-02T00:00Z'), day('02-01T00:00Z'), 'DAY'],
    ['empty', day('02-02T00:00Z'), day('02-02T00:00Z'), 'DAY'],
    ['older than hours are kept', day('01-25T23:59Z'), null, 'HOUR'],
    ['longer than a thousand points', new Date('2025-01-01'), null, 'DAY'],
    ['as long as time', new Date('0001-01-01'), new Date('9999-12-31'), 'MONTH'],
  ] as const)('%s is refused', (_, since, until, granularity) => {
    expect(refusalOf(() => parseUsageRange(since, until, granularity, NOW))?.code).toBe('VALIDATION_FAILED');
  });

  test('of hours goes back to the first day of which there are any', () => {
    expect(parseUsageRange(day('01-26T00:00Z'), day('01-27T00:00Z'), 'HOUR', NOW).since).toEqual(day('01-26T00:00Z'));
  });
});
