import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ThresholdPeriod, thresholdPeriods } from '../../../src/subscription/subscription.ts';
import {
  type Counter,
  type CountingTerms,
  countCall,
  fits,
  noticePercents,
  standingAt,
} from '../../../src/usage/count-calls.ts';
import { periodAt } from '../../../src/usage/usage-window.ts';

const at = (text: string) => new Date(`2026-11-${text}.000Z`);
const terms = (
  callThreshold: number | null,
  thresholdPeriod: ThresholdPeriod | null = callThreshold === null ? null : 'DAY',
  windowOpenedAt: Date | null = null,
): CountingTerms => ({ callThreshold, thresholdPeriod, windowOpenedAt });

/** Counts calls of these costs at these times, each if it fits. */
function run(
  calls: readonly (readonly [cost: number, now: Date, terms: CountingTerms])[],
  start: Counter | null = null,
): { counter: Counter | null; accepted: boolean[]; notices: number[]; hours: [string, number][] } {
  const outcome = {
    counter: start,
    accepted: [] as boolean[],
    notices: [] as number[],
    hours: [] as [string, number][],
  };
  for (const [cost, now, when] of calls) {
    const isAccepted = fits(standingAt(outcome.counter, when, now), when, cost);
    outcome.accepted.push(isAccepted);
    if (!isAccepted) continue;
    const { counter, notices, finishedHour } = countCall(outcome.counter, when, cost, now);
    outcome.counter = counter;
    outcome.notices.push(...notices);
    if (finishedHour !== null) outcome.hours.push([finishedHour.hour.toISOString().slice(11, 13), finishedHour.calls]);
  }
  return outcome;
}

describe('calls are counted', () => {
  test('up to the threshold and not beyond it', () => {
    const calls = Array.from({ length: 5 }, () => [1, at('21T08:00:00'), terms(3)] as const);
    expect(run(calls)).toMatchObject({ accepted: [true, true, true, false, false], counter: { used: 3 } });
  });

  test('by their cost, and one that costs more than is left counts for nothing', () => {
    const calls = [4, 3, 7, 1, 5].map((cost) => [cost, at('21T08:00:00'), terms(10)] as const);
    expect(run(calls)).toMatchObject({ accepted: [true, true, false, true, false], counter: { used: 8 } });
  });

  test('without a threshold by the month, without end', () => {
    const calls = [1, 500, 1_000_000].map((cost) => [cost, at('21T08:00:00'), terms(null)] as const);
    expect(run(calls)).toMatchObject({ accepted: [true, true, true], counter: { used: 1_000_501 }, notices: [] });
    expect(standingAt(run(calls).counter, terms(null), at('30T23:59:59')).used).toBe(1_000_501);
    expect(standingAt(run(calls).counter, terms(null), new Date('2026-12-01'))).toMatchObject({ used: 0 });
  });

  test('anew when the hour, the day or the month is over', () => {
    for (const [period, last, first] of [
      ['HOUR', '2026-11-21T08:59:59.999Z', '2026-11-21T09:00:00.000Z'],
      ['DAY', '2026-11-21T23:59:59.999Z', '2026-11-22T00:00:00.000Z'],
      ['MONTH', '2028-02-29T23:59:59.999Z', '2028-03-01T00:00:00.000Z'],
    ] as const) {
      const one = terms(1, period);
      const { accepted, counter } = run([last, last, first, first].map((now) => [1, new Date(now), one] as const));
      expect([period, accepted, counter?.windowStart]).toEqual([period, [true, false, true, false], new Date(first)]);
    }
  });

  test('anew in the window that support opens, which ends with the period', () => {
    const openedAt = at('21T08:30:00');
    const { counter } = run([[3, at('21T08:00:00'), terms(3)]]);
    expect(standingAt(counter, terms(3, 'DAY', openedAt), at('21T08:30:01'))).toEqual({
      used: 0,
      window: { startsAt: openedAt, endsAt: at('22T00:00:00') },
    });
    const after = run([[2, at('21T08:30:01'), terms(3, 'DAY', openedAt)]], counter);
    expect(after.counter).toMatchObject({ used: 2, windowStart: openedAt });
    expect(standingAt(after.counter, terms(3, 'DAY', openedAt), at('22T00:00:00'))).toEqual({
      used: 0,
      window: { startsAt: at('22T00:00:00'), endsAt: at('23T00:00:00') },
    });
  });

  test('against a threshold that has changed meanwhile', () => {
    const { counter } = run([[5, at('21T08:00:00'), terms(10)]]);
    const standing = standingAt(counter, terms(4), at('21T09:00:00'));
    expect([standing.used, fits(standing, terms(4), 1), fits(standing, terms(6), 1)]).toEqual([5, false, true]);
  });

  test('on in a longer period, anew in a shorter one', () => {
    const { counter } = run([[5, at('21T08:00:00'), terms(10)]]);
    expect(standingAt(counter, terms(10, 'MONTH'), at('25T00:00:00')).used).toBe(5);
    expect(standingAt(counter, terms(10, 'HOUR'), at('21T09:00:00')).used).toBe(0);
  });

  test('in the latest window that any clock has seen', () => {
    const { counter } = run([[2, at('22T00:00:00'), terms(3)]]);
    const slow = at('21T23:59:59');
    expect(standingAt(counter, terms(3), slow)).toEqual({
      used: 2,
      window: { startsAt: at('22T00:00:00'), endsAt: at('23T00:00:00') },
    });
    expect(run([[2, slow, terms(3)]], counter).accepted).toEqual([false]);
    const openedAt = at('22T10:00:00');
    expect(standingAt(counter, terms(3, 'DAY', openedAt), at('22T09:59:59'))).toMatchObject({
      used: 0,
      window: { startsAt: openedAt },
    });
  });

  test('by the hour besides, whatever the window', () => {
    const calls = [
      [2, at('21T08:10:00'), terms(100)],
      [3, at('21T08:59:59'), terms(100)],
      [4, at('21T10:00:00'), terms(100)],
      [1, at('21T09:59:59'), terms(100)],
      [5, at('21T11:00:00'), terms(100)],
    ] as const;
    expect(run(calls)).toMatchObject({
      hours: [
        ['08', 5],
        ['10', 5],
      ],
      counter: { hour: at('21T11:00:00'), hourCalls: 5 },
    });
  });
});

describe('somebody is told', () => {
  const told = (threshold: number, costs: readonly number[]) =>
    run(costs.map((cost) => [cost, at('21T08:00:00'), terms(threshold)] as const)).notices;

  test('once each at 75, 90 and 100 per cent, and not before', () => {
    expect(told(100, Array(74).fill(1))).toEqual([]);
    expect(told(100, Array(75).fill(1))).toEqual([75]);
    expect(told(100, Array(89).fill(1))).toEqual([75]);
    expect(told(100, Array(100).fill(1))).toEqual([75, 90, 100]);
    expect(told(1, [1])).toEqual([75, 90, 100]);
    expect(told(100, [95, 5])).toEqual([75, 90, 100]);
    expect(told(3, [1, 1, 1])).toEqual([75, 90, 100]);
  });

  test('again in the next window, and under another threshold', () => {
    const first = run([[8, at('21T08:00:00'), terms(10)]]);
    expect(first.notices).toEqual([75]);
    expect(run([[8, at('22T08:00:00'), terms(10)]], first.counter).notices).toEqual([75]);
    expect(run([[8, at('21T08:30:00'), terms(10, 'DAY', at('21T08:20:00'))]], first.counter).notices).toEqual([75]);
    expect(run([[1, at('21T09:00:00'), terms(12)]], first.counter).notices).toEqual([75]);
    expect(run([[1, at('21T09:00:00'), terms(100)]], first.counter).notices).toEqual([]);
  });
});

describe('whatever is called, however often terms change and clocks disagree', () => {
  const call = fc.record({
    cost: fc.integer({ min: 1, max: 12 }),
    minute: fc.integer({ min: 0, max: 4 * 24 * 60 }),
    skewMs: fc.integer({ min: -2000, max: 2000 }),
    threshold: fc.option(fc.integer({ min: 1, max: 30 })),
    period: fc.constantFrom(...thresholdPeriods),
    opens: fc.boolean(),
  });
  const calls = fc.array(call, { maxLength: 60 });

  test('no window accepts more than its threshold, and every accepted call is in one hour and one window', () => {
    fc.assert(
      fc.property(calls, (given) => {
        let openedAt: Date | null = null;
        let counter: Counter | null = null;
        let [accepted, inHours] = [0, 0];
        for (const { cost, minute, skewMs, threshold, period, opens } of given.sort((a, b) => a.minute - b.minute)) {
          const now = new Date(Date.UTC(2028, 1, 27) + minute * 60_000 + skewMs);
          if (opens) openedAt = now;
          const then = terms(threshold, threshold === null ? null : period, openedAt);
          const before = standingAt(counter, then, now);
          if (!fits(before, then, cost)) continue;
          const counted = countCall(counter, then, cost, now);
          if (threshold !== null) expect(counted.counter.used).toBeLessThanOrEqual(threshold);
          expect(counted.counter.used).toBe(before.used + cost);
          expect(counted.counter.windowStart).toEqual(before.window.startsAt);
          if (counter !== null) expect(counted.counter.windowStart >= counter.windowStart).toBe(true);
          if (counter !== null) expect(counted.counter.hour >= counter.hour).toBe(true);
          accepted += cost;
          inHours += counted.finishedHour?.calls ?? 0;
          counter = counted.counter;
          expect(inHours + counter.hourCalls).toBe(accepted);
        }
      }),
    );
  });

  test('under one threshold each part is told once in a window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.integer({ min: 1, max: 20 })), (threshold, costs) => {
        const { notices, counter } = run(costs.map((cost) => [cost, at('21T08:00:00'), terms(threshold)] as const));
        const used = counter?.used ?? 0;
        expect(notices).toEqual(noticePercents.filter((percent) => used * 100 >= percent * threshold));
      }),
    );
  });

  test('a window lies within its period', () => {
    fc.assert(
      fc.property(calls, (given) => {
        for (const { minute, period, opens } of given) {
          const now = new Date(Date.UTC(2028, 1, 27) + minute * 60_000);
          const { window } = standingAt(null, terms(5, period, opens ? new Date(now.getTime() - 999_999) : null), now);
          const whole = periodAt(period, now);
          expect(window.startsAt >= whole.startsAt && window.startsAt <= now).toBe(true);
          expect(window.endsAt).toEqual(whole.endsAt);
        }
      }),
    );
  });
});
