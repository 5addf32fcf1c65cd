import type { StoredDisablementReason } from '../api-key/api-key.ts';
import { KeyString } from '../api-key/key-string.ts';
import { type Actor, SYSTEM_ACTOR } from '../identity/actor.ts';
import type { OrganizationId } from '../ids.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { OrganizationHistory } from './organization-history.ts';
import { type Course, DAY_MS, drawCourse, drawPlan, type OrganizationState } from './organization-states.ts';
import type { Random } from './random.ts';

/** Who does what to an organization. */
export interface Cast {
  readonly creator: Actor;
  /** Has every permission at the organization's provider. */
  readonly manager: Actor;
  readonly support: Actor;
  readonly platform: Actor;
  /** The organization's own admin, if it has one. */
  readonly orgAdmin: Actor | null;
}

/** A string that many organizations were put on at once. */
export interface SharedKey {
  readonly keyString: KeyString;
  /** At most `LATEST_SHARING_DAYS` and at least `EARLIEST_SHARING_DAYS` ago. */
  readonly at: Date;
  readonly by: Actor;
}
export const EARLIEST_SHARING_DAYS = 45;
export const LATEST_SHARING_DAYS = 12;

/** One organization to be: what is known of it before its story is told. */
export interface OrganizationDraft {
  readonly organizationId: OrganizationId;
  readonly provider: ServiceProvider;
  readonly name: string;
  readonly externalId: string | null;
  readonly state: OrganizationState;
  readonly cast: Cast;
  readonly sharedKey: SharedKey | null;
  /** Was given another string after it shared one. */
  readonly isDrifted: boolean;
}

interface Step {
  readonly at: number;
  readonly tell: (history: OrganizationHistory, at: Date) => void;
}

/** From its creation until now; at the end it is in the draft's state. */
export function tellHistory(
  draft: OrganizationDraft,
  keys: TenantKeys,
  random: Random,
  now: Date,
): OrganizationHistory {
  const { organizationId, provider, name, externalId, cast, state } = draft;
  const course = drawCourse(random, state, draft.sharedKey !== null, now);
  const createdAt = new Date(course.createdAt);
  const { rootProviderId, id: providerId, providerPath } = provider;
  const organization = { rootProviderId, organizationId, providerId, providerPath, name, externalId, createdAt };
  const history = new OrganizationHistory(organization, keys, cast.creator);
  const ending = finalSteps(random, draft, course, now);
  const steps = [
    ...subscriptionSteps(random, draft, course),
    ...keySteps(random, draft, course, ending, now),
    ...ending,
  ];
  for (const { at, tell } of steps.sort((a, b) => a.at - b.at)) tell(history, new Date(at));
  return history;
}

function subscriptionSteps(random: Random, { cast, state }: OrganizationDraft, course: Course): Step[] {
  const { manager } = cast;
  const { appliedAt, startsAt, firstEndsAt, renewals, cancelledAt, next } = course;
  if (appliedAt === null) return [];
  const plan = drawPlan(random, state === 'OVER_THRESHOLD' || state === 'DISABLED_BY_PROVIDER_AND_THRESHOLD');
  const offer = { ...plan, startsAt: startsAt === null ? null : new Date(startsAt), endsAt: new Date(firstEndsAt) };
  const steps: Step[] = [{ at: appliedAt, tell: (history, at) => history.applySubscription(manager, at, offer) }];
  if (startsAt !== null && state !== 'SCHEDULED') {
    steps.push({ at: startsAt + random.between(1_000, 20_000), tell: (history, at) => history.startSubscription(at) });
  }
  for (const { at: renewedAt, endsAt } of renewals) {
    steps.push({ at: renewedAt, tell: (history, at) => history.renewSubscription(manager, at, new Date(endsAt)) });
  }
  if (cancelledAt !== null)
    steps.push({ at: cancelledAt, tell: (history, at) => history.cancelSubscription(manager, at) });
  if (next !== null) {
    const endsAt = new Date(next.startsAt + 365 * DAY_MS);
    const nextOffer = { ...plan, startsAt: new Date(next.startsAt), endsAt };
    steps.push({ at: next.appliedAt, tell: (history, at) => history.applySubscription(manager, at, nextOffer) });
  }
  return steps;
}

/** What was done to the key while it could be: a shared string, or changes now and then. */
function keySteps(
  random: Random,
  draft: OrganizationDraft,
  course: Course,
  ending: readonly Step[],
  now: Date,
): Step[] {
  if (course.appliedAt === null || draft.state === 'SCHEDULED') return [];
  const { cast, sharedKey } = draft;
  const from = Math.max(course.appliedAt, course.startsAt ?? 0) + 3_600_000;
  const endedAt = course.cancelledAt ?? course.renewals.at(-1)?.endsAt ?? course.firstEndsAt;
  const until = Math.min(now.getTime(), endedAt, ...ending.map(({ at }) => at)) - 60_000;
  const sometime = () => random.between(from, until);
  if (sharedKey !== null) return sharingSteps(random, draft, sharedKey, now);
  const steps: Step[] = [];
  const person = cast.orgAdmin ?? cast.manager;
  while (random.chance(0.35)) {
    const keyString = KeyString.generate();
    const action = random.chance(0.7) ? 'REGENERATE' : 'EDIT';
    steps.push({ at: sometime(), tell: (history, at) => history.changeKey(person, at, { action, keyString }) });
  }
  if (random.chance(0.15)) {
    steps.push({ at: sometime(), tell: (history, at) => history.changeKey(person, at, { action: 'REVEAL' }) });
  }
  if (random.chance(0.1)) {
    const step = { action: 'ADD', keyString: KeyString.generate() } as const;
    steps.push({ at: sometime(), tell: (history, at) => history.changeKey(person, at, step, 'SANDBOX_SUBMISSION') });
  }
  if (steps.length > 0 || draft.state !== 'ACTIVE' || random.chance(0.9)) return steps;
  return pauseSteps(random, cast, sometime(), until);
}

function sharingSteps(random: Random, { cast, isDrifted }: OrganizationDraft, shared: SharedKey, now: Date): Step[] {
  const { keyString, by } = shared;
  const steps: Step[] = [
    { at: shared.at.getTime(), tell: (history, at) => history.changeKey(by, at, { action: 'EDIT', keyString }) },
  ];
  if (isDrifted) {
    const at = now.getTime() - random.between(1, LATEST_SHARING_DAYS - 1) * DAY_MS;
    const step = { action: 'REGENERATE', keyString: KeyString.generate() } as const;
    steps.push({ at, tell: (history, drifted) => history.changeKey(cast.manager, drifted, step) });
  }
  return steps;
}

/** Disabled for some hours at most, with an attempt in vain, then enabled again: one step, so that nothing comes between. */
function pauseSteps(random: Random, { manager, support, orgAdmin }: Cast, from: number, until: number): Step[] {
  const length = Math.min(random.between(0.02, 0.4) * DAY_MS, until - from);
  const pause = (history: OrganizationHistory, at: Date) => {
    history.changeKey(support, at, {
      action: 'DISABLE',
      reason: 'SECURITY_INCIDENT',
      note: 'Key seen in a public repository',
    });
    const refused = { action: 'REGENERATE', keyString: KeyString.generate() } as const;
    history.attemptInVain(orgAdmin ?? manager, new Date(at.getTime() + length / 3), refused, 'KEY_DISABLED');
    const note = 'False alarm: it was an example key';
    history.changeKey(manager, new Date(at.getTime() + length / 2), { action: 'ENABLE', note });
  };
  return [{ at: from, tell: pause }];
}

/** What brought the key into its present state, beyond the subscription. */
function finalSteps(random: Random, { cast, state }: OrganizationDraft, course: Course, now: Date): Step[] {
  const { manager, support, platform, orgAdmin } = cast;
  const since = Math.max(course.appliedAt ?? 0, course.startsAt ?? 0, course.createdAt) + DAY_MS / 2;
  const lately = () => now.getTime() - DAY_MS / 24 - (now.getTime() - since - DAY_MS) * random.next() ** 4;
  const disable = (at: number, by: Actor, [reason, note]: Reason): Step => ({
    at,
    tell: (history, when) => history.changeKey(by, when, { action: 'DISABLE', reason, note }),
  });
  const byProvider = () => disable(lately(), random.pick([manager, support]), random.pick(providerReasons));
  const byPlatform = () => disable(lately(), platform, random.pick(platformReasons));
  const byThreshold = () => disable(lately(), SYSTEM_ACTOR, ['CALL_THRESHOLD_EXCEEDED', null]);
  switch (state) {
    case 'DISABLED_BY_PROVIDER':
      return [byProvider()];
    case 'DISABLED_BY_PLATFORM':
      return [byPlatform()];
    case 'OVER_THRESHOLD':
      return [byThreshold()];
    case 'DISABLED_BY_PROVIDER_AND_PLATFORM':
      return [byProvider(), byPlatform()];
    case 'DISABLED_BY_PROVIDER_AND_THRESHOLD':
      return [byProvider(), byThreshold()];
    case 'DISABLED_WITHOUT_KEY':
    case 'EXPIRED_AND_DISABLED':
      return [byProvider()];
    case 'KEY_DELETED':
      return [
        { at: lately(), tell: (history, at) => history.changeKey(orgAdmin ?? manager, at, { action: 'DELETE' }) },
      ];
    case 'EXPIRED': {
      const at = Math.min(now.getTime() - 3_600_000, (course.renewals.at(-1)?.endsAt ?? course.firstEndsAt) + DAY_MS);
      const step = { action: 'REGENERATE', keyString: KeyString.generate() } as const;
      const attempt = (history: OrganizationHistory, when: Date) =>
        history.attemptInVain(orgAdmin ?? manager, when, step, 'SUBSCRIPTION_EXPIRED');
      return random.chance(0.3) ? [{ at, tell: attempt }] : [];
    }
    default:
      return [];
  }
}

type Reason = readonly [StoredDisablementReason, string | null];

const providerReasons: readonly Reason[] = [
  ['NON_PAYMENT', 'Invoices of the last two months are unpaid'],
  ['NON_PAYMENT', null],
  ['SECURITY_INCIDENT', 'Customer reported a stolen laptop'],
  ['TERMS_VIOLATION', 'Key shared with a third party'],
  ['OTHER', 'Paused at the customer’s own request until their migration is done'],
];

const platformReasons: readonly Reason[] = [
  ['TERMS_VIOLATION', 'Automated scraping, see the abuse report'],
  ['SECURITY_INCIDENT', 'Key found in a public paste'],
  ['OTHER', 'Held for the abuse team'],
];
