import { dateOnly } from '../../../components/time.ts';
import type { UsageGranularity } from './usage.graphql.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back the chart goes, and in which steps. */
export interface Span {
  readonly value: string;
  readonly label: string;
  readonly granularity: UsageGranularity;
  /** "Calls per hour". */
  readonly each: string;
  /** Where the first of its periods begins, in milliseconds since 1970. */
  readonly since: (now: number) => number;
  readonly nameOf: (startsAt: number) => string;
}

const twoDigits = (value: number) => String(value).padStart(2, '0');
const startOf = (now: number, lengthMs: number) => Math.floor(now / lengthMs) * lengthMs;

export const spans: readonly [Span, ...Span[]] = [
  {
    value: 'days',
    label: '30 days',
    granularity: 'DAY',
    each: 'Calls per day',
    since: (now) => startOf(now, DAY_MS) - 29 * DAY_MS,
    nameOf: (at) => dateOnly(at),
  },
  {
    value: 'hours',
    label: '24 hours',
    granularity: 'HOUR',
    each: 'Calls per hour',
    since: (now) => startOf(now, HOUR_MS) - 23 * HOUR_MS,
    nameOf: (at) => `${dateOnly(at)}, ${twoDigits(new Date(at).getUTCHours())}:00 UTC`,
  },
  {
    value: 'months',
    label: '12 months',
    granularity: 'MONTH',
    each: 'Calls per month',
    since: (now) => Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth() - 11),
    nameOf: (at) => dateOnly(at).replace(/^1 /, ''),
  },
];
