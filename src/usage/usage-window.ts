import type { ThresholdPeriod } from '../subscription/subscription.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** From `startsAt` up to `endsAt`, which is the first instant that lies outside. */
export interface UsageWindow {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** The calendar hour, day or month, in UTC: no day of it is ever 23 or 25 hours long. */
export function periodAt(period: ThresholdPeriod, at: Date): UsageWindow {
  const ms = at.getTime();
  switch (period) {
    case 'HOUR':
      return ofLength(HOUR_MS, ms);
    case 'DAY':
      return ofLength(DAY_MS, ms);
    case 'MONTH': {
      const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
      return { startsAt: new Date(Date.UTC(year, month)), endsAt: new Date(Date.UTC(year, month + 1)) };
    }
  }
}

function ofLength(lengthMs: number, ms: number): UsageWindow {
  const start = Math.floor(ms / lengthMs) * lengthMs;
  return { startsAt: new Date(start), endsAt: new Date(start + lengthMs) };
}
