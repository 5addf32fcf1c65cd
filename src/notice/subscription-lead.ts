/** So many days before its end a subscription is told of; 0: that it has ended. */
export const subscriptionLeads = [30, 14, 7, 1, 0] as const;
export type SubscriptionLead = (typeof subscriptionLeads)[number];

const DAY_MS = 24 * 3600 * 1000;
/** An end that nobody was told of for so long is no news any more. */
const ENDED_TOLD_FOR_MS = 30 * DAY_MS;

/** Ends after `after` and at or before `until` are what a lead tells of now. */
export interface LeadWindow {
  readonly lead: SubscriptionLead;
  readonly after: Date;
  readonly until: Date;
}

/** Which lead is true of which ends: the nearest alone, so that whoever is late tells one thing and not four. */
export function leadWindowsAt(now: Date): readonly LeadWindow[] {
  return subscriptionLeads.map((lead, index) => {
    const next = subscriptionLeads[index + 1];
    const afterMs = next === undefined ? -ENDED_TOLD_FOR_MS : next * DAY_MS;
    return { lead, after: new Date(now.getTime() + afterMs), until: new Date(now.getTime() + lead * DAY_MS) };
  });
}

/** Days begun, at least 1. */
export function daysLeft(endsAt: Date, now: Date): number {
  return Math.max(1, Math.ceil((endsAt.getTime() - now.getTime()) / DAY_MS));
}
