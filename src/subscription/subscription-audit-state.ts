import type { AuditState } from '../audit/audit-event.ts';
import { type Subscription, subscriptionStatus } from './subscription.ts';

/** A subscription as the audit trail shows it. */
export function subscriptionAuditState(subscription: Subscription, now: Date): AuditState {
  return {
    plan: subscription.plan,
    status: subscriptionStatus(subscription, now),
    startsAt: subscription.startsAt.toISOString(),
    endsAt: subscription.endsAt.toISOString(),
    callThreshold: subscription.callThreshold,
    thresholdPeriod: subscription.thresholdPeriod,
  };
}
