import { expect, test } from 'vitest';
import { dueAtOf, isRefusedForLong, type MailDigest, retryAt } from '../../../src/mail/digest.ts';

const PAUSE_MS = 15 * 60_000;
const at = (time: string) => new Date(`2026-11-21T${time}Z`);

test.for<[MailDigest, string | null, string, string]>([
  ['IMMEDIATE', null, '02:14:00', '2026-11-21T02:14:00.000Z'],
  ['IMMEDIATE', '01:00:00', '02:14:00', '2026-11-21T02:14:00.000Z'],
  ['IMMEDIATE', '02:10:00', '02:14:00', '2026-11-21T02:25:00.000Z'],
  ['IMMEDIATE', '03:00:00', '02:14:00', '2026-11-21T02:14:00.000Z'],
  ['HOURLY', null, '02:14:00', '2026-11-21T03:00:00.000Z'],
  ['HOURLY', '02:10:00', '02:59:59', '2026-11-21T03:00:00.000Z'],
  ['DAILY', null, '05:59:59', '2026-11-21T06:00:00.000Z'],
  ['DAILY', null, '06:00:00', '2026-11-22T06:00:00.000Z'],
])('%s, last sent %s, and seen at %s: it is sent at %s', ([digest, lastSentAt, now, expected]) => {
  const due = dueAtOf(digest, lastSentAt === null ? null : at(lastSentAt), PAUSE_MS, at(now));
  expect(due.toISOString()).toBe(expected);
});

test('pauses grow up to an hour, and then for as long as it takes', () => {
  const now = at('02:14:00');
  const pauses = [1, 2, 3, 4, 5, 500].map((attempts) => (retryAt(attempts, now).getTime() - now.getTime()) / 60_000);
  expect(pauses).toEqual([1, 5, 15, 60, 60, 60]);
});

test('an address that is refused for three days is left alone', () => {
  expect(isRefusedForLong(new Date('2026-11-18T02:14:00.001Z'), at('02:14:00'))).toBe(false);
  expect(isRefusedForLong(new Date('2026-11-18T02:14:00Z'), at('02:14:00'))).toBe(true);
  expect(isRefusedForLong(null, at('02:14:00'))).toBe(false);
});
