import type { Event } from '../events/event.ts';
import type { EventType } from '../events/event-type.ts';
import type { AuditEventId, OrganizationId, ServiceProviderId, WebhookEndpointId } from '../ids.ts';

export const deliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One event for one endpoint, and how sending it goes. */
export interface Delivery {
  readonly rootProviderId: ServiceProviderId;
  readonly endpointId: WebhookEndpointId;
  readonly eventId: AuditEventId;
  readonly organizationId: OrganizationId | null;
  /** In the audit chain of its root. */
  readonly sequence: number;
  readonly type: EventType;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly lastAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  /** Of one that was tried already, and is not over. */
  readonly nextAttemptAt: Date | null;
  /** Of the last attempt; null when it was not answered. */
  readonly responseStatus: number | null;
  readonly error: string | null;
}

/** What one attempt needs. */
export interface WaitingDelivery {
  readonly type: EventType;
  readonly attempts: number;
  readonly firstAttemptAt: Date | null;
  readonly event: Event;
}

/** What came of one attempt: an answer, or why there was none. */
export interface Attempt {
  readonly responseStatus: number | null;
  readonly error: string | null;
}

/** Whoever answers so has taken it. */
export function isTaken({ responseStatus }: Attempt): boolean {
  return responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
}

/** Whoever answers so wants nothing any more. */
export function isGone({ responseStatus }: Attempt): boolean {
  return responseStatus === 410;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** From the first attempt. After that it is given up, and an endpoint that took nothing for so long is disabled. */
export const LONGEST_TRYING_MS = 72 * HOUR;
/** The pauses after each attempt; the last one again and again. */
const PAUSES_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
const LONGEST_PAUSE_MS = 12 * HOUR;
/** A pause is up to this much shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * When to try again; null: no more. The last attempt is made when the time is up.
 * @param attempts made so far
 * @param random from 0 to 1
 */
export function nextAttemptAt(attempts: number, firstAttemptAt: Date, now: Date, random: number): Date | null {
  const end = firstAttemptAt.getTime() + LONGEST_TRYING_MS;
  if (now.getTime() >= end) return null;
  const pause = (PAUSES_MS[attempts - 1] ?? LONGEST_PAUSE_MS) * (1 + JITTER * (2 * random - 1));
  return new Date(Math.min(now.getTime() + pause, end));
}

/** Whether an endpoint that has just failed again is to be left alone. */
export function hasFailedForLong(failingSince: Date, now: Date): boolean {
  return now.getTime() - failingSince.getTime() >= LONGEST_TRYING_MS;
}
