import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysLeft, leadWindowsAt, subscriptionLeads } from '../../../src/notice/subscription-lead.ts';

const NOW = new Date('2026-11-21T02:14:00Z');
const DAY_MS = 24 * 3600 * 1000;

function leadOf(msLeft: number): number | undefined {
  const endsAt = new Date(NOW.getTime() + msLeft);
  return leadWindowsAt(NOW).find(({ after, until }) => endsAt > after && endsAt <= until)?.lead;
}

test.for<[string, number, number | undefined]>([
  ['more than 30 days ahead', 30 * DAY_MS + 1, undefined],
  ['30 days ahead', 30 * DAY_MS, 30],
  ['a moment less', 30 * DAY_MS - 1, 30],
  ['a moment more than 14 days ahead', 14 * DAY_MS + 1, 30],
  ['14 days ahead', 14 * DAY_MS, 14],
  ['8 days ahead', 8 * DAY_MS, 14],
  ['7 days ahead', 7 * DAY_MS, 7],
  ['1 day ahead', DAY_MS, 1],
  ['a moment ahead', 1, 1],
  ['now', 0, 0],
  ['29 days ago', -29 * DAY_MS, 0],
  ['30 days ago', -30 * DAY_MS, undefined],
])('an end %s is told of by its nearest lead alone', ([, msLeft, lead]) => {
  expect(leadOf(msLeft)).toBe(lead);
});

test('no end is in two windows, and none of the next 30 days in none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * DAY_MS }), (msLeft) => {
      const endsAt = new Date(NOW.getTime() + msLeft);
      const found = leadWindowsAt(NOW).filter(({ after, until }) => endsAt > after && endsAt <= until);
      expect(found).toHaveLength(1);
      expect(found[0]?.lead).toBe(Math.min(...subscriptionLeads.filter((lead) => lead * DAY_MS >= msLeft)));
    }),
  );
});

test.for([
  [1, 1],
  [DAY_MS, 1],
  [DAY_MS + 1, 2],
  [7 * DAY_MS, 7],
] as const)('%d ms before its end a subscription has %d days left', ([msLeft, days]) => {
  expect(daysLeft(new Date(NOW.getTime() + msLeft), NOW)).toBe(days);
});
