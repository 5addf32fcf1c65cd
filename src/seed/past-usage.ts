import type { ThresholdPeriod } from '../subscription/subscription.ts';
import { type CountedHour, type Counter, type NoticePercent, noticePercents } from '../usage/count-calls.ts';
import { DAY_MS, HOUR_MS, periodAt } from '../usage/usage-window.ts';
import type { OrganizationHistory } from './organization-history.ts';
import type { Random } from './random.ts';

/** Before these days calls are known by the day, from there on by the hour. */
const HOURLY_DAYS = 2;
/** As far back as a slot's calls are told. */
const HISTORY_DAYS = 30;
const SHORT_HISTORY_DAYS = 2;
const HOT_CHANCE = 0.06;
const hoursIn: Record<ThresholdPeriod, number> = { HOUR: 1, DAY: 24, MONTH: 720 };

/** The calls of an organization's `CLOUD_SERVICE` slot until now. */
export interface PastUsage {
  readonly counter: Counter;
  readonly lastUsedAt: Date;
  readonly lastUsedAddress: string;
  /** Hours that are over, of the last days. */
  readonly hours: readonly CountedHour[];
  /** Days before those hours; `hour` is when they began. */
  readonly days: readonly CountedHour[];
  readonly notices: readonly NoticePercent[];
}

interface Terms {
  readonly threshold: number | null;
  readonly period: ThresholdPeriod;
  readonly from: number;
  readonly until: number;
  /** Of the threshold, in the window that holds at the end; null: as it comes. */
  readonly share: number | null;
}

/** Null for a slot that was never called with: it has no string, or has only just got one. */
export function drawUsage(
  random: Random,
  history: OrganizationHistory,
  now: Date,
  historyDays = HISTORY_DAYS,
): PastUsage | null {
  const terms = termsOf(random, history, now.getTime(), historyDays);
  if (terms === null) return null;
  const { threshold, period, from, until } = terms;
  const hour = periodAt('HOUR', new Date(until)).startsAt;
  const windowStart = periodAt(period, new Date(until)).startsAt;
  const points = drawPoints(random, terms);
  const inWindow = points.filter((point) => point.hour >= windowStart);
  const drawn = inWindow.reduce((sum, { calls }) => sum + calls, 0);
  const used = threshold !== null && terms.share !== null ? Math.floor(threshold * terms.share) : drawn;
  for (const point of inWindow) point.calls = drawn === 0 ? 0 : Math.floor((point.calls * used) / drawn);
  const scaled = inWindow.reduce((sum, { calls }) => sum + calls, 0);
  const last = points.find((point) => point.hour.getTime() === hour.getTime());
  const hourCalls = (last?.calls ?? 0) + used - scaled;
  const firstHourly = periodAt('DAY', new Date(until - (HOURLY_DAYS - 1) * DAY_MS)).startsAt;
  const before = points.filter((point) => point.calls > 0 && point.hour < hour);
  return {
    counter: { windowStart, used, hour, hourCalls, threshold },
    lastUsedAt: new Date(Math.max(hour.getTime(), from, until - random.between(0, 20) * 60_000)),
    lastUsedAddress: `198.51.100.${1 + Math.floor(random.between(0, 254))}`,
    hours: before.filter((point) => point.hour >= firstHourly),
    days: daysOf(before.filter((point) => point.hour < firstHourly)),
    notices: threshold === null ? [] : noticePercents.filter((percent) => used * 100 >= threshold * percent),
  };
}

/** The standing alone: what was used of the window was used in its last hour. */
export function drawStanding(random: Random, history: OrganizationHistory, now: Date): PastUsage | null {
  const usage = drawUsage(random, history, now, SHORT_HISTORY_DAYS);
  if (usage === null) return null;
  return { ...usage, counter: { ...usage.counter, hourCalls: usage.counter.used }, hours: [], days: [] };
}

function termsOf(random: Random, history: OrganizationHistory, now: number, historyDays: number): Terms | null {
  const subscription = history.subscriptions.at(-1);
  const slot = history.slots.find(({ kind }) => kind === 'CLOUD_SERVICE');
  if (subscription === undefined || slot?.keyString == null || slot.createdAt === null) return null;
  const { endsAt, cancelledAt, previousEndedAt, provisionedAt, callThreshold, thresholdPeriod } = subscription;
  const ends = [endsAt, cancelledAt, provisionedAt === null ? previousEndedAt : null];
  const stops = [...ends, ...slot.disablements.map(({ at }) => at)].map((at) => at?.getTime() ?? now);
  const until = Math.min(now, ...stops);
  const from = Math.max(slot.createdAt.getTime(), until - historyDays * DAY_MS);
  if (until - from < HOUR_MS) return null;
  const isOver = slot.disablements.some(({ source }) => source === 'CALL_THRESHOLD');
  const hot = random.chance(HOT_CHANCE) ? random.between(0.76, 1) : null;
  return { threshold: callThreshold, period: thresholdPeriod ?? 'MONTH', from, until, share: isOver ? 1 : hot };
}

/** Busy by day, quiet at night and on weekends; never over the threshold. */
function drawPoints(random: Random, { threshold, period, from, until }: Terms): { hour: Date; calls: number }[] {
  const perHour =
    threshold === null ? 10 ** random.between(0.5, 3) : (threshold * random.between(0.05, 0.45)) / hoursIn[period];
  const most = threshold !== null && period === 'HOUR' ? 0.7 * threshold : Number.POSITIVE_INFINITY;
  const points: { hour: Date; calls: number }[] = [];
  for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at <= until; at += HOUR_MS) {
    const hour = new Date(at);
    const isWeekend = [0, 6].includes(hour.getUTCDay());
    const daylight = 0.3 + 1.3 * Math.max(0, Math.sin(((hour.getUTCHours() - 5) / 14) * Math.PI));
    const calls = perHour * daylight * (isWeekend ? 0.4 : 1) * random.between(0.75, 1.25);
    points.push({ hour, calls: Math.floor(Math.min(most, calls)) });
  }
  return points;
}

function daysOf(hours: readonly CountedHour[]): CountedHour[] {
  const days = new Map<number, number>();
  for (const { hour, calls } of hours) {
    const day = periodAt('DAY', hour).startsAt.getTime();
    days.set(day, (days.get(day) ?? 0) + calls);
  }
  return [...days].map(([day, calls]) => ({ hour: new Date(day), calls }));
}
