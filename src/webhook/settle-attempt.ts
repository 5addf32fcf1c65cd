import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import { newId } from '../ids.ts';
import { type Attempt, hasFailedForLong, isGone, nextAttemptAt, type WaitingDelivery } from './delivery.ts';
import { type Claim, postponeDelivery, releaseLane, settleDelivery } from './lane.repository.ts';
import { recordEndpoint } from './run-endpoint-command.ts';
import { disableEndpointRow, markFailing, markWell } from './webhook-endpoint.repository.ts';
import type { DisabledReason, WebhookEndpoint } from './webhook-endpoint.ts';

interface Run {
  readonly claim: Claim;
  readonly endpoint: WebhookEndpoint;
}

/** @returns whether the lane is still ours, for another lease */
export function settleSuccess(
  { database }: Services,
  { claim, endpoint }: Run,
  { event }: WaitingDelivery,
  attempt: Attempt,
  leaseMs: number,
): Promise<boolean> {
  const now = new Date();
  return database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const settlement = { ...attempt, eventId: event.id, now };
    const leasedUntil = new Date(now.getTime() + leaseMs);
    const isOurs = await settleDelivery(tx, claim, settlement, 'DELIVERED', leasedUntil);
    if (isOurs && endpoint.failingSince !== null) await markWell(tx, endpoint);
    return isOurs;
  });
}

/**
 * Puts off the lane until the next attempt, or gives the event up after three days. An endpoint that is gone, or has taken
 * nothing for so long, is disabled, and that is an event. @returns whether the lane is still ours
 */
export function settleFailure(
  services: Services,
  { claim, endpoint }: Run,
  { event, attempts, firstAttemptAt }: WaitingDelivery,
  attempt: Attempt,
  leaseMs: number,
): Promise<boolean> {
  const now = new Date();
  const settlement = { ...attempt, eventId: event.id, now };
  const next = nextAttemptAt(attempts + 1, firstAttemptAt ?? now, now, Math.random());
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const wasOurs =
      next === null
        ? await settleDelivery(tx, claim, settlement, 'FAILED', new Date(now.getTime() + leaseMs))
        : await postponeDelivery(tx, claim, settlement, next);
    if (!wasOurs) return false;
    const failingSince = await markFailing(tx, endpoint, now);
    if (isGone(attempt)) await disable(services, tx, endpoint, 'GONE', now);
    else if (failingSince !== null && hasFailedForLong(failingSince, now)) {
      await disable(services, tx, endpoint, 'FAILING', now);
    }
    return next === null;
  });
}

/** It says so once, however many attempts find it out at the same time. */
async function disable(
  services: Services,
  tx: Tx,
  before: WebhookEndpoint,
  disabledReason: DisabledReason,
  now: Date,
): Promise<void> {
  if (!(await disableEndpointRow(tx, before, disabledReason, now))) return;
  const requestId = newId<'Run'>();
  const ctx: RequestContext = { ...services, actor: SYSTEM_ACTOR, requestId, now, ipAddress: null };
  const after = { ...before, disabledAt: now, disabledReason };
  await recordEndpoint(ctx, tx, 'webhook_endpoint.disable', { before, after });
}

export function giveBack({ database }: Services, claim: Claim): Promise<void> {
  return database.withTransaction(PLATFORM_SCOPE, (tx) => releaseLane(tx, claim, new Date()));
}
