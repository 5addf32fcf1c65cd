import type { DisablementSource } from '../api-key/api-key.ts';

export interface CountedSource {
  readonly source: DisablementSource;
  readonly count: number;
}

/** Of the subscriptions that are active now, those that end before an instant. */
export interface CountedEnd {
  readonly days: number;
  readonly before: Date;
  readonly count: number;
}

/** Strings that came in a span; null: it is open on that side. */
export interface CountedAge {
  readonly since: Date | null;
  readonly before: Date | null;
  readonly count: number;
}

/** Thresholds of which so much, in per cent, is used up in the window that holds now. */
export interface CountedUse {
  readonly percent: number;
  readonly count: number;
}

/** How many organizations are in which state, by their `CLOUD_SERVICE` slots: each number is that of a filter of the list. */
export interface FleetSummary {
  readonly organizationCount: number;
  readonly enabledCount: number;
  readonly disabledCount: number;
  readonly emptyCount: number;
  /** A slot that is disabled for several reasons is counted under each. */
  readonly disabledBy: readonly CountedSource[];
  readonly subscriptionsEnding: readonly CountedEnd[];
  /** The youngest first. */
  readonly keyAges: readonly CountedAge[];
  /** The least first; each holds those after it. */
  readonly thresholdsUsed: readonly CountedUse[];
}

const DAY_MS = 86_400_000;
const ENDING_DAYS = [7, 14, 30] as const;
const AGE_DAYS = [30, 90, 180, 365] as const;

/** Where the spans of a summary begin and end: at midnight UTC, so that they are the same all day. */
export function boundsOf(now: Date): { readonly ends: readonly Omit<CountedEnd, 'count'>[]; readonly ages: Date[] } {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return {
    ends: ENDING_DAYS.map((days) => ({ days, before: new Date(today + days * DAY_MS) })),
    ages: AGE_DAYS.map((days) => new Date(today - days * DAY_MS)),
  };
}

/** @param ages the bounds between them, the youngest first */
export function spansOf(ages: readonly Date[]): Omit<CountedAge, 'count'>[] {
  const edges = [null, ...ages, null];
  return edges.slice(1).map((since, index) => ({ since, before: edges[index] ?? null }));
}
