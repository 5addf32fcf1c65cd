import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import {
  decideApply,
  decideCancel,
  decideRenew,
  expiredSince,
  isRenewed,
  renewed,
  type SubscriptionOffer,
  type SubscriptionTerm,
  subscriptionRefusal,
  subscriptionStatus,
} from '../../../src/subscription/subscription.ts';
import { refusalOf } from '../refusal.ts';

const NOW = new Date('2025-06-15T12:00:00.000Z');

function at(offsetMs: number): Date {
  return new Date(NOW.getTime() + offsetMs);
}

function term(startsInMs: number, endsInMs: number, previousEndedInMs?: number): SubscriptionTerm {
  return Object.freeze({
    startsAt: at(startsInMs),
    endsAt: at(endsInMs),
    cancelledAt: null,
    previousEndedAt: previousEndedInMs === undefined ? null : at(previousEndedInMs),
  });
}

const scheduled = term(1, 10);
const active = term(-10, 10);
const expired = term(-10, -1);
const cancelledBeforeItsStart = Object.freeze({ ...term(5, -1), cancelledAt: at(-1) });
/** By a process whose clock is ahead of this one's. */
const cancelledJustAhead = Object.freeze({ ...term(-10, 3), cancelledAt: at(3) });

describe('the status', () => {
  test.each([
    ['a millisecond before the start', term(1, 10), 'SCHEDULED'],
    ['at the start', term(0, 10), 'ACTIVE'],
    ['a millisecond before the end', term(-10, 1), 'ACTIVE'],
    ['at the end', term(-10, 0), 'EXPIRED'],
    ['a millisecond after the end', term(-10, -1), 'EXPIRED'],
    ['cancelled at this instant, before its start', term(5, 0), 'EXPIRED'],
    ['cancelled before its start', cancelledBeforeItsStart, 'EXPIRED'],
    ['cancelled under a clock that is ahead', cancelledJustAhead, 'EXPIRED'],
    ['cancelled at the instant of its start', term(0, 0), 'EXPIRED'],
  ])('%s is %3$s', (_, given, status) => {
    expect(subscriptionStatus(given, NOW)).toBe(status);
  });
});

describe('a key is disabled because the subscription ended', () => {
  test.each([
    ['not without one', null, null],
    ['not while the first one is scheduled', scheduled, null],
    ['not while one is active', active, null],
    ['not while one is active that follows an ended one', term(-1, 10, -5), null],
    ['not from the instant on at which a successor starts', term(0, 10, -5), null],
    ['since the instant of the end', term(-10, 0), at(0)],
    ['since the end', term(-10, -3), at(-3)],
    ['since the end of the last one, not of those before it', term(-10, -3, -20), at(-3)],
    ['since the former one ended, while its successor is scheduled', term(1, 10, -5), at(-5)],
    ['since it was cancelled before its start', cancelledBeforeItsStart, at(-1)],
  ])('%s', (_, given, since) => {
    expect(expiredSince(given, NOW)).toEqual(since);
  });
});

describe('commands on a key', () => {
  test.each<[string, SubscriptionTerm | null, ErrorCode | undefined]>([
    ['without a subscription', null, 'SUBSCRIPTION_REQUIRED'],
    ['before the start', scheduled, 'SUBSCRIPTION_NOT_STARTED'],
    ['before the start of one that follows an ended one', term(1, 10, -5), 'SUBSCRIPTION_NOT_STARTED'],
    ['at the start', term(0, 10), undefined],
    ['a millisecond before the end', term(-10, 1), undefined],
    ['at the end', term(-10, 0), 'SUBSCRIPTION_EXPIRED'],
    ['after the end', expired, 'SUBSCRIPTION_EXPIRED'],
    ['after a cancellation before the start', cancelledBeforeItsStart, 'SUBSCRIPTION_EXPIRED'],
  ])('%s: %3$s', (_, given, code) => {
    expect(subscriptionRefusal(given, NOW)?.code).toBe(code);
  });
});

describe('apply', () => {
  const offer: SubscriptionOffer = { startsAt: NOW, endsAt: at(10), callThreshold: null, thresholdPeriod: null };

  test.each([
    ['the first one, starting now', null, offer],
    ['one that starts later', null, { ...offer, startsAt: at(5) }],
    ['one that started before now', null, { ...offer, startsAt: at(-5) }],
    ['one that ends in a millisecond', null, { ...offer, endsAt: at(1) }],
    ['one with a threshold', null, { ...offer, callThreshold: 1, thresholdPeriod: 'HOUR' as const }],
    ['one of a hundred years', null, { ...offer, endsAt: new Date('2125-06-15T12:00:00.000Z') }],
    ['the successor of one that ended', expired, offer],
    ['the successor of one that ends at this instant', term(-10, 0), offer],
    ['the successor of one cancelled before its start', cancelledBeforeItsStart, offer],
  ])('takes %s', (_, current, given) => {
    expect(refusalOf(() => decideApply(current, given, NOW))).toBeNull();
  });

  test.each([
    ['a scheduled one', scheduled],
    ['an active one', active],
    ['one that ends in a millisecond', term(-10, 1)],
  ])('refuses one beside %s with SUBSCRIPTION_EXISTS', (_, current) => {
    expect(refusalOf(() => decideApply(current, offer, NOW))?.code).toBe('SUBSCRIPTION_EXISTS');
  });

  test.each<[string, string, Partial<SubscriptionOffer>]>([
    ['that ends now', 'endsAt', { startsAt: at(-5), endsAt: NOW }],
    ['that ended', 'endsAt', { startsAt: at(-5), endsAt: at(-1) }],
    ['that ends when it starts', 'endsAt', { startsAt: at(5), endsAt: at(5) }],
    ['that ends before it starts', 'endsAt', { startsAt: at(5), endsAt: at(4) }],
    ['of more than a hundred years', 'endsAt', { endsAt: new Date('2125-06-15T12:00:00.001Z') }],
    ['with a threshold for no period', 'thresholdPeriod', { callThreshold: 5 }],
    ['with a period of no threshold', 'thresholdPeriod', { thresholdPeriod: 'DAY' }],
    ['with a threshold of zero', 'callThreshold', { callThreshold: 0, thresholdPeriod: 'DAY' }],
    ['with a negative threshold', 'callThreshold', { callThreshold: -1, thresholdPeriod: 'MONTH' }],
  ])('refuses one %s with VALIDATION_FAILED for %s', (_, field, wrong) => {
    const refusal = refusalOf(() => decideApply(null, { ...offer, ...wrong }, NOW));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: [field] });
  });
});

describe('renew', () => {
  test.each([
    ['a scheduled one', scheduled],
    ['an active one', active],
    ['one that ends at this instant', term(-10, 0)],
    ['one that ended', expired],
    ['one cancelled before its start', cancelledBeforeItsStart],
  ])('lengthens %s and gives it back', (_, current) => {
    expect(decideRenew(current, at(11), NOW)).toBe(current);
  });

  test.each<[string, SubscriptionTerm | null, Date, ErrorCode, string | null]>([
    ['without one', null, at(11), 'SUBSCRIPTION_REQUIRED', null],
    ['until now', expired, NOW, 'VALIDATION_FAILED', 'endsAt'],
    ['until an instant that has passed', term(-10, -5), at(-1), 'VALIDATION_FAILED', 'endsAt'],
    ['until the same end', active, active.endsAt, 'VALIDATION_FAILED', 'endsAt'],
    ['until an earlier end', active, at(9), 'VALIDATION_FAILED', 'endsAt'],
    ['until before the start', cancelledBeforeItsStart, at(4), 'VALIDATION_FAILED', 'endsAt'],
    ['until the start', cancelledBeforeItsStart, at(5), 'VALIDATION_FAILED', 'endsAt'],
    ['for more than a hundred years', active, new Date('2125-06-15T12:00:00.001Z'), 'VALIDATION_FAILED', 'endsAt'],
  ])('is refused %s with %4$s', (_, current, endsAt, code, field) => {
    const refusal = refusalOf(() => decideRenew(current, endsAt, NOW));
    expect(refusal).toMatchObject({ code, field: field === null ? null : [field] });
  });

  test.each([
    ['one that ended', expired],
    ['a cancelled one', cancelledJustAhead],
  ])('makes %s active from that moment on', (_, current) => {
    const after = renewed(decideRenew(current, at(11), NOW), at(11));
    expect(subscriptionStatus(after, NOW)).toBe('ACTIVE');
    expect(expiredSince(after, NOW)).toBeNull();
  });

  test.each<[string, SubscriptionTerm | null, Date, boolean]>([
    ['without one', null, at(11), false],
    ['to its own end', active, active.endsAt, true],
    ['to another end', active, at(11), false],
    ['to the end of one that was cancelled', cancelledJustAhead, cancelledJustAhead.endsAt, false],
  ])('%s: it is so already: %4$s', (_, current, endsAt, isSo) => {
    expect(isRenewed(current, endsAt)).toBe(isSo);
  });
});

describe('cancel', () => {
  test.each([
    ['a scheduled one', scheduled],
    ['an active one', active],
    ['one that ends in a millisecond', term(-10, 1)],
  ])('takes %s, and it is expired when the call returns', (_, current) => {
    const cancelled = { ...decideCancel(current, NOW), endsAt: NOW };
    expect(subscriptionStatus(cancelled, NOW)).toBe('EXPIRED');
    expect(expiredSince(cancelled, NOW)).toEqual(NOW);
  });

  test.each<[string, SubscriptionTerm | null, ErrorCode]>([
    ['without one', null, 'SUBSCRIPTION_REQUIRED'],
    ['at its end', term(-10, 0), 'SUBSCRIPTION_EXPIRED'],
    ['after its end', expired, 'SUBSCRIPTION_EXPIRED'],
    ['a second time before its start', cancelledBeforeItsStart, 'SUBSCRIPTION_EXPIRED'],
    ['a second time under a clock that is behind', cancelledJustAhead, 'SUBSCRIPTION_EXPIRED'],
  ])('is refused %s with %3$s', (_, current, code) => {
    expect(refusalOf(() => decideCancel(current, NOW))?.code).toBe(code);
  });
});
