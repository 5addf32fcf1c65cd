import { validationFailed } from '../errors.ts';

/** When keys may be rotated: hours of some days of the week, by the clock on the wall of a time zone. */
export interface RotationWindow {
  /** Of ISO weeks, on which a window begins: 1 is Monday. At least one. */
  readonly days: readonly number[];
  /** 0 to 23. */
  readonly fromHour: number;
  /** 1 to 24. No later than `fromHour`: of the next day. */
  readonly toHour: number;
  /** By its IANA name. */
  readonly timeZone: string;
}

/** One time that it is open; `endsAt` is not part of it any more. */
export interface OpenWindow {
  readonly beginsAt: Date;
  readonly endsAt: Date;
}

export const ANY_TIME: RotationWindow = { days: [1, 2, 3, 4, 5, 6, 7], fromHour: 0, toHour: 24, timeZone: 'UTC' };

/** Clocks are set in such steps: no zone has been a smaller part of an hour off since 1972. */
const STEP_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** No clock is set by more at once. */
const LARGEST_SHIFT_HOURS = 2;
const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the clock on the wall shows. */
interface WallTime {
  readonly day: number;
  readonly hour: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, format); // as many as there are zones
  return format;
}

/** @throws RangeError for a zone that there is not */
function wallTimeAt(at: Date, timeZone: string): WallTime {
  const [name = '', hour = ''] = formatOf(timeZone)
    .format(at)
    .split(/[\s,]+/);
  return { day: names.indexOf(name) + 1, hour: Number(hour) };
}

const dayBefore = (day: number) => (day === 1 ? 7 : day - 1);

/**
 * By the clock on the wall alone: an hour that is left out is no part of any window, one that comes twice is part of it both
 * times.
 */
export function isOpen(window: RotationWindow, at: Date): boolean {
  return isOpenAtWall(window, wallTimeAt(at, window.timeZone));
}

function isOpenAtWall({ days, fromHour, toHour }: RotationWindow, { day, hour }: WallTime): boolean {
  if (fromHour < toHour) return days.includes(day) && hour >= fromHour && hour < toHour;
  return (days.includes(day) && hour >= fromHour) || (days.includes(dayBefore(day)) && hour < toHour);
}

/** The one that is open at the instant, or the next one; it ends within a week of opening, also when it is always open. */
export function windowFrom(window: RotationWindow, at: Date): OpenWindow {
  const begin = isOpen(window, at) ? edge(window, at, 'BACK') : nextBegin(window, at);
  return { beginsAt: begin, endsAt: edge(window, isOpen(window, at) ? at : begin, 'ON') };
}

/** When a rotation that is due at the instant may begin. */
export function plannedAt(window: RotationWindow, dueAt: Date): Date {
  return isOpen(window, dueAt) ? dueAt : nextBegin(window, dueAt);
}

/**
 * The last instant of being due by which a rotation may begin at `at` or before: whatever is due later is planned later.
 * Null: nothing that was due within a week.
 */
export function lastDueBy(window: RotationWindow, at: Date): Date {
  if (isOpen(window, at)) return at;
  const step = stepOf(at);
  for (let back = step; back > at.getTime() - 2 * WEEK_MS; back -= STEP_MS) {
    if (isOpen(window, new Date(back - 1))) return new Date(back - 1);
  }
  throw new Error('a window is open once a week');
}

function stepOf(at: Date): number {
  return Math.floor(at.getTime() / STEP_MS) * STEP_MS;
}

/** It is not open at the instant. */
function nextBegin(window: RotationWindow, at: Date): Date {
  for (let ms = stepOf(at) + STEP_MS; ms < at.getTime() + 2 * WEEK_MS; ) {
    const wall = wallTimeAt(new Date(ms), window.timeZone);
    if (isOpenAtWall(window, wall)) return new Date(ms);
    ms += Math.max(STEP_MS, (hoursToBegin(window, wall) - LARGEST_SHIFT_HOURS) * HOUR_MS);
  }
  throw new Error('a window is open once a week');
}

/** By the wall, were no clock set meanwhile: begun hours count whole. */
function hoursToBegin({ days, fromHour }: RotationWindow, { day, hour }: WallTime): number {
  const hours = days.map((begin) => {
    const ahead = ((begin - day + 7) % 7) * 24 + fromHour - hour;
    return ahead > 0 ? ahead : ahead + 7 * 24;
  });
  return Math.min(...hours) - 1;
}

/** Where the window that is open at the instant begins or ends; at most a week away. */
function edge(window: RotationWindow, at: Date, direction: 'BACK' | 'ON'): Date {
  const start = stepOf(at);
  if (direction === 'ON') {
    let ms = start + STEP_MS;
    while (ms < start + WEEK_MS && isOpen(window, new Date(ms))) ms += STEP_MS;
    return new Date(ms);
  }
  let ms = start;
  while (ms > start - WEEK_MS && isOpen(window, new Date(ms - 1))) ms -= STEP_MS;
  return new Date(ms);
}

/** At most so many days after being due a window has opened, and been open for a day if it is so long. */
export function gapDays({ days }: RotationWindow): number {
  const sorted = [...new Set(days)].sort((left, right) => left - right);
  const gaps = sorted.map((day, index) => {
    const next = sorted[index + 1] ?? (sorted[0] ?? day) + 7;
    return next - day;
  });
  return Math.max(...gaps) + 2; // it may be open for a day, and a day may be longer
}

/** @throws DomainError `VALIDATION_FAILED` */
export function parseWindow({ days, fromHour, toHour, timeZone }: RotationWindow): RotationWindow {
  const sorted = [...new Set(days)].sort((left, right) => left - right);
  if (sorted.length === 0 || sorted.some((day) => !isWholeWithin(day, 1, 7))) {
    throw validationFailed('window', 'Name at least one day of the week.');
  }
  if (!isWholeWithin(fromHour, 0, 23)) throw validationFailed('window', 'Give fromHour as 0 to 23.');
  if (!isWholeWithin(toHour, 1, 24)) throw validationFailed('window', 'Give toHour as 1 to 24.');
  if (!isTimeZone(timeZone)) throw validationFailed('window', 'Give timeZone by its IANA name, such as Europe/Berlin.');
  return { days: sorted, fromHour, toHour, timeZone };
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isWholeWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** For the audit trail. */
export function windowInWords({ days, fromHour, toHour, timeZone }: RotationWindow): string {
  const on = days.length === 7 ? 'every day' : days.map((day) => dayNames[day - 1]).join(', ');
  const at = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
  return `${on}, ${at(fromHour)} to ${at(toHour)}, ${timeZone}`;
}
