import { validationFailed } from '../errors.ts';
import { type ThresholdPeriod, thresholdPeriods } from '../subscription/subscription.ts';
import { DAY_MS, periodAt } from './usage-window.ts';

export const usageGranularities = thresholdPeriods;
export type UsageGranularity = ThresholdPeriod;

/** Hours are kept for so long; of what is older only the days are known. */
export const HOURS_KEPT_DAYS = 35;
const MOST_POINTS = 1000;

/** Whole periods: from the one that `since` lies in up to the one that `until` is the end of, or lies in. */
export interface UsageRange {
  readonly since: Date;
  readonly until: Date;
  readonly granularity: UsageGranularity;
}

/** The calls of one hour, day or month. */
export interface UsagePoint {
  readonly startsAt: Date;
  readonly calls: number;
}

/** Days before this one have no hours any more. */
export function oldestDayWithHours(now: Date): Date {
  return periodAt('DAY', new Date(now.getTime() - HOURS_KEPT_DAYS * DAY_MS)).startsAt;
}

/** @throws DomainError `VALIDATION_FAILED` when it is backwards, too long, or so old that there are no hours */
export function parseUsageRange(since: Date, until: Date | null, granularity: UsageGranularity, now: Date): UsageRange {
  const end = until ?? now;
  if (end <= since) throw validationFailed('until', 'until must be later than since.');
  const range = {
    since: periodAt(granularity, since).startsAt,
    until: periodAt(granularity, new Date(end.getTime() - 1)).endsAt,
    granularity,
  };
  if (granularity === 'HOUR' && range.since < oldestDayWithHours(now)) {
    throw validationFailed('since', `Hours are kept for ${HOURS_KEPT_DAYS} days. Ask for days of what is older.`);
  }
  if (startsOf(range, MOST_POINTS + 1).length > MOST_POINTS) {
    throw validationFailed(
      'until',
      `This is more than ${MOST_POINTS} points. Ask for a shorter time, or for longer periods.`,
    );
  }
  return range;
}

/** A point for every period of the range, also for those without a call. */
export function toUsagePoints(range: UsageRange, counted: readonly UsagePoint[]): UsagePoint[] {
  const calls = new Map<number, number>();
  for (const { startsAt, calls: more } of counted) {
    const period = periodAt(range.granularity, startsAt).startsAt.getTime();
    calls.set(period, (calls.get(period) ?? 0) + more);
  }
  return startsOf(range, MOST_POINTS).map((startsAt) => ({ startsAt, calls: calls.get(startsAt.getTime()) ?? 0 }));
}

function startsOf({ since, until, granularity }: UsageRange, most: number): Date[] {
  const starts: Date[] = [];
  for (let at = since; at < until && starts.length < most; at = periodAt(granularity, at).endsAt) starts.push(at);
  return starts;
}
