import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ANY_TIME,
  gapDays,
  isOpen,
  lastDueBy,
  parseWindow,
  plannedAt,
  type RotationWindow,
  windowFrom,
  windowInWords,
} from '../../../src/rotation/rotation-window.ts';
import { refusalOf } from '../refusal.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** With clocks that are set at different hours, by an hour or half of one, and with odd distances to UTC. */
const zones = [
  ...['UTC', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Los_Angeles', 'America/St_Johns'],
  ...['America/Sao_Paulo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Australia/Sydney'],
  ...['Pacific/Chatham', 'Pacific/Auckland', 'Pacific/Kiritimati', 'Africa/Cairo', 'Africa/Casablanca', 'Asia/Tehran'],
  ...['America/Havana', 'Atlantic/Azores', 'Antarctica/Troll', 'Asia/Beirut'],
];

const windows: fc.Arbitrary<RotationWindow> = fc.record({
  days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  fromHour: fc.integer({ min: 0, max: 23 }),
  toHour: fc.integer({ min: 1, max: 24 }),
  timeZone: fc.constantFrom(...zones),
});
const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as asking it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  const clock = known ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  clocks.set(timeZone, clock);
  return clock;
}

/** What the wall shows, worked out by another way than the program's. */
function wallAt(at: Date, timeZone: string): { day: number; hour: number } {
  const wall = new Date(`${clockOf(timeZone).format(at).replace(' ', 'T')}Z`);
  return { day: wall.getUTCDay() || 7, hour: wall.getUTCHours() };
}

function isOpenByTheWall({ days, fromHour, toHour, timeZone }: RotationWindow, at: Date): boolean {
  const { day, hour } = wallAt(at, timeZone);
  const dayBefore = ((day + 5) % 7) + 1;
  if (fromHour < toHour) return days.includes(day) && fromHour <= hour && hour < toHour;
  return (days.includes(day) && hour >= fromHour) || (days.includes(dayBefore) && hour < toHour);
}

describe('a window', () => {
  test('is open when the clock on the wall says so', () => {
    fc.assert(
      fc.property(windows, instants, (window, at) => {
        expect(isOpen(window, at)).toBe(isOpenByTheWall(window, at));
      }),
      { numRuns: 2000 },
    );
  });

  test('begins no earlier than asked for unless it is open, is open all along, and closed before and after', () => {
    fc.assert(
      fc.property(windows, instants, (window, at) => {
        const { beginsAt, endsAt } = windowFrom(window, at);
        expect(endsAt.getTime()).toBeGreaterThan(at.getTime());
        expect(beginsAt <= at).toBe(isOpen(window, at));
        for (let ms = beginsAt.getTime(); ms < endsAt.getTime(); ms += 15 * MINUTE_MS) {
          if (!isOpenByTheWall(window, new Date(ms))) throw new Error(`closed at ${new Date(ms).toISOString()}`);
        }
        const isShort = endsAt.getTime() - beginsAt.getTime() < 7 * DAY_MS;
        if (isShort) expect(isOpenByTheWall(window, endsAt)).toBe(false);
        if (isShort) expect(isOpenByTheWall(window, new Date(beginsAt.getTime() - 1))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('is the next one there is', () => {
    fc.assert(
      fc.property(windows, instants, (window, at) => {
        const planned = plannedAt(window, at);
        expect(planned >= at && isOpenByTheWall(window, planned)).toBe(true);
        for (let ms = at.getTime(); ms < planned.getTime(); ms += 7 * MINUTE_MS) {
          if (isOpenByTheWall(window, new Date(ms))) throw new Error(`open already at ${new Date(ms).toISOString()}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('divides what is planned by a time from what is planned later', () => {
    fc.assert(
      fc.property(windows, instants, fc.integer({ min: -9 * 24 * 60, max: 24 * 60 }), (window, at, minutes) => {
        const due = new Date(at.getTime() + minutes * MINUTE_MS);
        expect(due <= lastDueBy(window, at)).toBe(plannedAt(window, due) <= at);
      }),
      { numRuns: 1000 },
    );
  });

  test('opens within its gap, wherever one begins to wait; one of an hour alone may be left out in spring', () => {
    fc.assert(
      fc.property(windows, instants, (window, at) => {
        fc.pre(window.toHour - window.fromHour !== 1);
        const wait = plannedAt(window, at).getTime() - at.getTime();
        expect(wait).toBeLessThanOrEqual((gapDays(window) - 1) * DAY_MS);
      }),
      { numRuns: 1000 },
    );
  });

  const berlin = (fromHour: number, toHour: number) => ({ days: [7], fromHour, toHour, timeZone: 'Europe/Berlin' });

  test('that lies in the hour which is left out in spring is not open that day', () => {
    const { beginsAt } = windowFrom(berlin(2, 3), new Date('2026-03-29T00:00:00Z'));
    expect(beginsAt.toISOString()).toBe('2026-04-05T00:00:00.000Z');
  });

  test('is an hour shorter in spring and an hour longer in autumn', () => {
    expect(windowFrom(berlin(1, 4), new Date('2026-03-28T12:00:00Z'))).toEqual({
      beginsAt: new Date('2026-03-29T00:00:00Z'),
      endsAt: new Date('2026-03-29T02:00:00Z'),
    });
    expect(windowFrom(berlin(1, 4), new Date('2026-10-24T12:00:00Z'))).toEqual({
      beginsAt: new Date('2026-10-24T23:00:00Z'),
      endsAt: new Date('2026-10-25T03:00:00Z'),
    });
  });

  test('over midnight belongs to the day on which it begins', () => {
    const window = berlin(23, 2);
    expect(isOpen(window, new Date('2026-11-22T22:30:00Z'))).toBe(true); // Sunday, 23:30
    expect(isOpen(window, new Date('2026-11-23T00:30:00Z'))).toBe(true); // Monday, 01:30
    expect(isOpen(window, new Date('2026-11-22T00:30:00Z'))).toBe(false); // Sunday, 01:30
  });

  test('may be open all the time', () => {
    fc.assert(fc.property(instants, (at) => isOpen(ANY_TIME, at) && plannedAt(ANY_TIME, at) === at));
  });

  test('is told in words', () => {
    expect(windowInWords(berlin(1, 5))).toBe('Sunday, 01:00 to 05:00, Europe/Berlin');
    expect(windowInWords(ANY_TIME)).toBe('every day, 00:00 to 24:00, UTC');
  });
});

describe('of a given window', () => {
  const good = { days: [7, 1, 7], fromHour: 0, toHour: 24, timeZone: 'Asia/Kolkata' };

  test('the days are kept in order, each once', () => {
    expect(parseWindow(good)).toEqual({ ...good, days: [1, 7] });
  });

  test.each([
    { days: [] },
    { days: [0] },
    { days: [8] },
    { fromHour: 24 },
    { fromHour: -1 },
    { fromHour: 1.5 },
    { toHour: 0 },
    { toHour: 25 },
    { timeZone: 'Mars/Olympus' },
    { timeZone: '+02:00' },
    { timeZone: '' },
    { timeZone: 'Europe/Berlin; drop table' },
  ])('%o is refused', (bad) => {
    expect(refusalOf(() => parseWindow({ ...good, ...bad }))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['window'],
    });
  });
});
