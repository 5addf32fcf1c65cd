import type { ThresholdPeriod } from '../subscription/subscription.ts';
import { periodAt, type UsageWindow } from './usage-window.ts';

/** How many calls a slot has counted; what is kept of it is never older than the last call that was accepted. */
export interface Counter {
  readonly windowStart: Date;
  /** Calls in the window that began then. */
  readonly used: number;
  /** The last hour with a call, and the calls in it. */
  readonly hour: Date;
  readonly hourCalls: number;
  /** The threshold that the last call was counted against; null for none. */
  readonly threshold: number | null;
}

/** What a slot's calls are counted against. */
export interface CountingTerms {
  /** Calls allowed in a period; null for no limit. Then they are counted by the month all the same. */
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
  /** When support last opened a fresh window; null for never. */
  readonly windowOpenedAt: Date | null;
}

/** Where a slot stands at one moment. */
export interface Standing {
  readonly window: UsageWindow;
  readonly used: number;
}

/** Per cent of the threshold at which somebody is to be told. */
export const noticePercents = [75, 90, 100] as const;
export type NoticePercent = (typeof noticePercents)[number];

export interface CountedHour {
  readonly hour: Date;
  readonly calls: number;
}

/** What counting changes. */
export interface Counted {
  readonly counter: Counter;
  /** The hour before, when this call is the first of another one. */
  readonly finishedHour: CountedHour | null;
  readonly notices: readonly NoticePercent[];
}

/**
 * The window that holds now, and what is used of it. Windows never go back: where clocks differ between processes, the
 * latest that anybody has counted in, or that support has opened, is the one for all.
 */
export function standingAt(counter: Counter | null, terms: CountingTerms, now: Date): Standing {
  const opened = terms.windowOpenedAt;
  const period = periodAt(terms.thresholdPeriod ?? 'MONTH', latest(now, counter?.windowStart, opened));
  const startsAt = latest(period.startsAt, opened);
  if (counter === null || counter.windowStart < startsAt) return { window: { ...period, startsAt }, used: 0 };
  return { window: { ...period, startsAt: counter.windowStart }, used: counter.used };
}

/** Whether the call is within the threshold. One that costs more than is left is not counted in part. */
export function fits(standing: Standing, { callThreshold }: CountingTerms, cost: number): boolean {
  return callThreshold === null || standing.used + cost <= callThreshold;
}

/** Counts a call that fits. @param cost how many calls it counts for, at least 1 */
export function countCall(counter: Counter | null, terms: CountingTerms, cost: number, now: Date): Counted {
  const { window, used } = standingAt(counter, terms, now);
  const hour = latest(periodAt('HOUR', now).startsAt, counter?.hour);
  const isSameHour = counter !== null && counter.hour.getTime() === hour.getTime();
  const hourCalls = (isSameHour ? counter.hourCalls : 0) + cost;
  const { callThreshold: threshold } = terms;
  return {
    counter: { windowStart: window.startsAt, used: used + cost, hour, hourCalls, threshold },
    finishedHour: isSameHour || !counter?.hourCalls ? null : { hour: counter.hour, calls: counter.hourCalls },
    notices: threshold === null ? [] : reached(counter?.threshold === threshold ? used : 0, used + cost, threshold),
  };
}

/** Under another threshold than before, what was reached already is told again. */
function reached(before: number, after: number, threshold: number): NoticePercent[] {
  const isAt = (calls: number, percent: number) => calls * 100 >= threshold * percent;
  return noticePercents.filter((percent) => isAt(after, percent) && !isAt(before, percent));
}

function latest(first: Date, ...others: readonly (Date | null | undefined)[]): Date {
  return others.reduce<Date>((last, other) => (other != null && other > last ? other : last), first);
}
