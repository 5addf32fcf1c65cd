import { DomainError, validationFailed } from '../errors.ts';
import type { ServiceProviderId, SubscriptionId } from '../ids.ts';

export const subscriptionStatuses = ['SCHEDULED', 'ACTIVE', 'EXPIRED'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];
export const thresholdPeriods = ['HOUR', 'DAY', 'MONTH'] as const;
export type ThresholdPeriod = (typeof thresholdPeriods)[number];

/** What the rules need to know of an organization's current subscription. */
export interface SubscriptionTerm {
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Set from the cancellation to the next renewal: then it has ended, whatever this clock says. */
  readonly cancelledAt: Date | null;
  /** When the subscription that this one replaced ended; null for an organization's first. */
  readonly previousEndedAt: Date | null;
}

export interface Subscription extends SubscriptionTerm {
  readonly id: SubscriptionId;
  readonly plan: string;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
  readonly version: number;
}

/** `endsAt` is the first instant at which it no longer holds. A cancelled one has ended, whenever it was to start. */
export function subscriptionStatus(term: SubscriptionTerm, now: Date): SubscriptionStatus {
  if (term.cancelledAt !== null || term.endsAt <= now) return 'EXPIRED';
  return term.startsAt <= now ? 'ACTIVE' : 'SCHEDULED';
}

/**
 * Since when the key is disabled because the subscription ended; null while it is not. A scheduled subscription that
 * follows an ended one leaves the key disabled until it starts.
 */
export function expiredSince(term: SubscriptionTerm | null, now: Date): Date | null {
  if (term === null) return null;
  const status = subscriptionStatus(term, now);
  if (status === 'EXPIRED') return term.endsAt;
  return status === 'SCHEDULED' ? term.previousEndedAt : null;
}

/** Why nothing may be done to a key under this subscription; null when it is active (DOMAIN.md, decision 2). */
export function subscriptionRefusal(term: SubscriptionTerm | null, now: Date): DomainError | null {
  if (term === null) {
    return new DomainError(
      'SUBSCRIPTION_REQUIRED',
      'The organization has no API subscription. Apply a subscription first.',
    );
  }
  switch (subscriptionStatus(term, now)) {
    case 'ACTIVE':
      return null;
    case 'SCHEDULED':
      return new DomainError(
        'SUBSCRIPTION_NOT_STARTED',
        `The API subscription starts at ${term.startsAt.toISOString()}. Wait until then.`,
      );
    case 'EXPIRED':
      return new DomainError(
        'SUBSCRIPTION_EXPIRED',
        `The API subscription ended at ${term.endsAt.toISOString()}. Renew it; the key works again at once.`,
      );
  }
}

/** A subscription as everybody who may see it sees it. */
export interface SubscriptionView extends Subscription {
  readonly rootProviderId: ServiceProviderId;
}

export interface SubscriptionOffer {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
}

const LONGEST_TERM_YEARS = 100;
export const LONGEST_PLAN = 100;

/** @throws DomainError `SUBSCRIPTION_EXISTS` while one is scheduled or active, `VALIDATION_FAILED` */
export function decideApply(current: SubscriptionTerm | null, offer: SubscriptionOffer, now: Date): void {
  if (current !== null && subscriptionStatus(current, now) !== 'EXPIRED') {
    throw new DomainError(
      'SUBSCRIPTION_EXISTS',
      'The organization already has an API subscription. Renew it, or cancel it first.',
    );
  }
  refuseBadEnd(offer.startsAt, offer.endsAt, now);
  if ((offer.callThreshold === null) !== (offer.thresholdPeriod === null)) {
    throw validationFailed('thresholdPeriod', 'Give callThreshold and thresholdPeriod together, or neither.');
  }
  if (offer.callThreshold !== null && offer.callThreshold < 1) {
    throw validationFailed('callThreshold', 'The call threshold must be at least 1. Leave it out for no threshold.');
  }
}

/** A renewal only ever lengthens. @returns the subscription to renew @throws DomainError `SUBSCRIPTION_REQUIRED`, `VALIDATION_FAILED` */
export function decideRenew<Term extends SubscriptionTerm>(current: Term | null, endsAt: Date, now: Date): Term {
  if (current === null) throw subscriptionMissing('renew. Apply one instead.');
  refuseBadEnd(current.startsAt, endsAt, now);
  if (endsAt <= current.endsAt) {
    throw validationFailed(
      'endsAt',
      `The subscription already lasts until ${current.endsAt.toISOString()}. Give a later end.`,
    );
  }
  return current;
}

/** Whether a renewal to that end would leave it as it is. */
export function isRenewed(current: SubscriptionTerm | null, endsAt: Date): boolean {
  return current !== null && current.cancelledAt === null && current.endsAt.getTime() === endsAt.getTime();
}

/** The subscription as it is after its renewal: no longer cancelled either. */
export function renewed<Term extends SubscriptionTerm>(term: Term, endsAt: Date): Term {
  return { ...term, endsAt, cancelledAt: null };
}

/** @returns the subscription to cancel @throws DomainError `SUBSCRIPTION_REQUIRED`, `SUBSCRIPTION_EXPIRED` */
export function decideCancel<Term extends SubscriptionTerm>(current: Term | null, now: Date): Term {
  if (current === null) throw subscriptionMissing('cancel: there is nothing to do.');
  if (subscriptionStatus(current, now) === 'EXPIRED') {
    throw new DomainError(
      'SUBSCRIPTION_EXPIRED',
      'The API subscription has ended already: there is nothing to cancel.',
    );
  }
  return current;
}

function subscriptionMissing(what: string): DomainError {
  return new DomainError('SUBSCRIPTION_REQUIRED', `The organization has no API subscription to ${what}`);
}

function refuseBadEnd(startsAt: Date, endsAt: Date, now: Date): void {
  refuseEndOutOfReach(endsAt, now);
  if (endsAt <= startsAt) throw validationFailed('endsAt', 'The end must come after the start.');
}

/** Of any subscription, and so known before one is looked at. @throws DomainError `VALIDATION_FAILED` */
export function refuseEndOutOfReach(endsAt: Date, now: Date): void {
  if (endsAt <= now) throw validationFailed('endsAt', 'The end lies in the past. Give a later one.');
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + LONGEST_TERM_YEARS);
  if (endsAt > latest) throw validationFailed('endsAt', `The end lies more than ${LONGEST_TERM_YEARS} years ahead.`);
}
