import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ThresholdPeriod, thresholdPeriods } from '../../../src/subscription/subscription.ts';
import { periodAt } from '../../../src/usage/usage-window.ts';

const periods: [ThresholdPeriod, string, string, string][] = [
  ['HOUR', '2026-11-21T08:59:59.999Z', '2026-11-21T08:00:00.000Z', '2026-11-21T09:00:00.000Z'],
  ['HOUR', '2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00.000Z', '2026-11-21T10:00:00.000Z'],
  ['HOUR', '2026-12-31T23:30:00.000Z', '2026-12-31T23:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['DAY', '2026-11-21T23:59:59.999Z', '2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'],
  ['DAY', '2028-02-28T12:00:00.000Z', '2028-02-28T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
  ['DAY', '2027-02-28T12:00:00.000Z', '2027-02-28T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
  // Clocks of people are put on and back on these days; calls are counted in UTC.
  ['DAY', '2026-03-29T12:00:00.000Z', '2026-03-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
  ['DAY', '2026-10-25T12:00:00.000Z', '2026-10-25T00:00:00.000Z', '2026-10-26T00:00:00.000Z'],
  ['HOUR', '2026-10-25T01:30:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
  ['MONTH', '2028-02-29T23:59:59.999Z', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ['MONTH', '2027-02-28T23:59:59.999Z', '2027-02-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
  ['MONTH', '2100-02-28T23:59:59.999Z', '2100-02-01T00:00:00.000Z', '2100-03-01T00:00:00.000Z'],
  ['MONTH', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['MONTH', '2026-01-31T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
];

describe('a period of the calendar', () => {
  test.for(periods)('%s: %s lies in %s to %s', ([period, at, startsAt, endsAt]) => {
    expect(periodAt(period, new Date(at))).toEqual({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) });
  });

  const anyTime = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });

  test('holds the instant, follows upon the one before, and is the same for all of its instants', () => {
    fc.assert(
      fc.property(anyTime, fc.constantFrom(...thresholdPeriods), (at, period) => {
        const { startsAt, endsAt } = periodAt(period, at);
        expect(startsAt <= at && at < endsAt).toBe(true);
        expect(periodAt(period, startsAt)).toEqual({ startsAt, endsAt });
        expect(periodAt(period, new Date(endsAt.getTime() - 1))).toEqual({ startsAt, endsAt });
        expect(periodAt(period, new Date(startsAt.getTime() - 1)).endsAt).toEqual(startsAt);
      }),
    );
  });

  test('has the same length whatever zone the process is in', () => {
    fc.assert(
      fc.property(anyTime, (at) => {
        const [hour, day] = [periodAt('HOUR', at), periodAt('DAY', at)];
        expect(hour.endsAt.getTime() - hour.startsAt.getTime()).toBe(3_600_000);
        expect(day.endsAt.getTime() - day.startsAt.getTime()).toBe(86_400_000);
        expect(periodAt('MONTH', at).startsAt.toISOString()).toMatch(/-01T00:00:00\.000Z$/);
      }),
    );
  });
});
