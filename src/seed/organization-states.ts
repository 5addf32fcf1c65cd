import { itemAt, type Random } from './random.ts';

/** What an organization of the demo fleet has come to, and how many of 300 have. */
const stateMix = [
  { state: 'ACTIVE', count: 168 },
  { state: 'ENDING_THIS_MONTH', count: 24 },
  { state: 'ENDING_THIS_WEEK', count: 10 },
  { state: 'EXPIRED', count: 22 },
  { state: 'CANCELLED', count: 6 },
  /** Its first subscription starts later: no key yet. */
  { state: 'SCHEDULED', count: 9 },
  /** The last subscription ended and the next one starts later: the key is disabled meanwhile. */
  { state: 'SCHEDULED_AFTER_END', count: 6 },
  { state: 'NO_SUBSCRIPTION', count: 8 },
  { state: 'DISABLED_BY_PROVIDER', count: 14 },
  { state: 'DISABLED_BY_PLATFORM', count: 7 },
  { state: 'OVER_THRESHOLD', count: 9 },
  { state: 'DISABLED_BY_PROVIDER_AND_PLATFORM', count: 3 },
  { state: 'DISABLED_BY_PROVIDER_AND_THRESHOLD', count: 2 },
  { state: 'DISABLED_WITHOUT_KEY', count: 3 },
  { state: 'EXPIRED_AND_DISABLED', count: 3 },
  { state: 'KEY_DELETED', count: 6 },
] as const;
export type OrganizationState = (typeof stateMix)[number]['state'];

const everyState = stateMix.flatMap(({ state, count }) => Array<OrganizationState>(count).fill(state));

/** Exactly the mix, in random order. */
export function shuffledStates(random: Random): OrganizationState[] {
  return random.shuffle(everyState);
}

export function drawState(random: Random): OrganizationState {
  return random.pick(everyState);
}

export const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;

/** When an organization came, and how its subscription ran until now. All in milliseconds since 1970. */
export interface Course {
  readonly createdAt: number;
  /** Null: never. */
  readonly appliedAt: number | null;
  /** Null: as soon as it was applied. */
  readonly startsAt: number | null;
  readonly firstEndsAt: number;
  readonly renewals: readonly { readonly at: number; readonly endsAt: number }[];
  readonly cancelledAt: number | null;
  /** The subscription that follows the ended one. */
  readonly next: { readonly appliedAt: number; readonly startsAt: number } | null;
}

/** Days before now in which an organization in this state was created. */
function ageInDays(random: Random, state: OrganizationState, sharesKey: boolean): number {
  switch (state) {
    case 'SCHEDULED':
      return random.between(1, 14);
    case 'NO_SUBSCRIPTION':
      return random.between(0.2, 60);
    case 'EXPIRED':
    case 'EXPIRED_AND_DISABLED':
    case 'SCHEDULED_AFTER_END':
      return random.between(200, 720);
    default:
      return sharesKey ? random.between(60, 720) : random.between(12, 720);
  }
}

/** Days from now until the last subscription's end; negative when it has ended. */
function endInDays(random: Random, state: OrganizationState): number {
  switch (state) {
    case 'EXPIRED':
    case 'EXPIRED_AND_DISABLED':
      return random.between(-150, -2);
    case 'SCHEDULED_AFTER_END':
      return random.between(-30, -5);
    case 'ENDING_THIS_WEEK':
      return random.between(0.2, 5.8);
    case 'ENDING_THIS_MONTH':
      return random.between(7.5, 28.5);
    default:
      return random.between(32, 355);
  }
}

/** @param sharesKey organizations that share a string have been there for a while */
export function drawCourse(random: Random, state: OrganizationState, sharesKey: boolean, now: Date): Course {
  const today = now.getTime();
  const createdAt = today - ageInDays(random, state, sharesKey) * DAY_MS;
  const isWithout = state === 'NO_SUBSCRIPTION' || state === 'DISABLED_WITHOUT_KEY';
  const appliedAt = isWithout ? null : createdAt + random.between(0.01, 0.15) * DAY_MS;
  const end = nextMidnight(today + endInDays(random, state) * DAY_MS);
  const startsLater = state === 'SCHEDULED' || random.chance(0.5);
  const startsAt = startsLater
    ? nextMidnight((state === 'SCHEDULED' ? today : createdAt) + random.between(1, 5) * DAY_MS)
    : null;
  const years = Math.max(0, Math.floor((end - (startsAt ?? createdAt)) / DAY_MS / YEAR_DAYS - 0.1));
  const firstEndsAt = end - years * YEAR_DAYS * DAY_MS;
  const renewals = Array.from({ length: years }, (_, year) => ({
    at: firstEndsAt + (year * YEAR_DAYS - random.between(2, 25)) * DAY_MS,
    endsAt: firstEndsAt + (year + 1) * YEAR_DAYS * DAY_MS,
  }));
  return {
    createdAt,
    appliedAt,
    startsAt,
    firstEndsAt,
    renewals,
    cancelledAt: state === 'CANCELLED' ? today - random.between(0.5, 5) * DAY_MS : null,
    next:
      state === 'SCHEDULED_AFTER_END'
        ? {
            appliedAt: today - random.between(0.5, 3) * DAY_MS,
            startsAt: nextMidnight(today + random.between(2, 30) * DAY_MS),
          }
        : null,
  };
}

function nextMidnight(at: number): number {
  return Math.ceil(at / DAY_MS) * DAY_MS;
}

export interface Plan {
  readonly plan: string;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: 'HOUR' | 'DAY' | 'MONTH' | null;
}

const plans = ['API Essentials', 'API Business', 'API Enterprise'] as const;
const thresholds = [
  { thresholdPeriod: 'HOUR', callThreshold: 2_000 },
  { thresholdPeriod: 'DAY', callThreshold: 25_000 },
  { thresholdPeriod: 'DAY', callThreshold: 100_000 },
  { thresholdPeriod: 'MONTH', callThreshold: 500_000 },
  { thresholdPeriod: 'MONTH', callThreshold: 2_500_000 },
] as const;

export function drawPlan(random: Random, needsThreshold: boolean): Plan {
  const plan = itemAt(plans, Math.floor(random.next() ** 1.5 * plans.length));
  const threshold = needsThreshold || random.chance(0.4) ? random.pick(thresholds) : null;
  return { plan, ...(threshold ?? { callThreshold: null, thresholdPeriod: null }) };
}
