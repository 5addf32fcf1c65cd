import type { RequestContext } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { notFound, validationFailed } from '../errors.ts';
import { TEST_EVENT } from '../events/event-type.ts';
import type { AuditEventId, ServiceProviderId, WebhookEndpointRef } from '../ids.ts';
import { recordEndpoint, runEndpointCommand, type WebhookEndpointInput } from './run-endpoint-command.ts';
import { replayDeliveries } from './webhook-delivery.repository.ts';
import { refOf, type WebhookEndpoint } from './webhook-endpoint.ts';

const MOST_REPLAYED = 10_000;
const DAY_MS = 24 * 3600 * 1000;

/** Sends an event to the endpoint alone, whatever it has chosen. @throws DomainError `VALIDATION_FAILED` while it is disabled */
export async function testWebhookEndpoint(
  ctx: RequestContext,
  input: WebhookEndpointInput,
): Promise<WebhookEndpointRef> {
  const { answer } = await runEndpointCommand(ctx, 'webhook_endpoint.test', input, {}, async (tx, endpoint) => {
    requireEnabled(endpoint);
    await recordEndpoint(ctx, tx, 'webhook_endpoint.test', { before: null, after: endpoint });
    return refOf(endpoint);
  });
  return answer;
}

export interface ReplayWebhookEvents extends WebhookEndpointInput {
  /** `'UNKNOWN'`: an id that names nothing; null: those of a time span. */
  readonly event: { readonly rootProviderId: ServiceProviderId; readonly id: AuditEventId } | 'UNKNOWN' | null;
  readonly since: Date | null;
  /** Not included; null: until now. */
  readonly until: Date | null;
}

export interface Replayed {
  readonly ref: WebhookEndpointRef;
  readonly count: number;
}

/**
 * Sends one event once more, or those of a time span, whether or not they were ever sent to it: of the types and the
 * organizations that it has chosen now, in their order, before what comes after them.
 * @throws DomainError `VALIDATION_FAILED`, `NOT_FOUND` when it was never to be told of the event
 */
export async function replayWebhookEvents(ctx: RequestContext, input: ReplayWebhookEvents): Promise<Replayed> {
  const { event, since, until } = input;
  const given = { event, since, until };
  const { answer } = await runEndpointCommand(ctx, 'webhook_endpoint.replay', input, given, async (tx, endpoint) => {
    requireEnabled(endpoint);
    requireSpan(input, ctx.now);
    const eventId = eventIdIn(input, endpoint);
    const span = { eventId, since, until };
    const types = [...endpoint.events, TEST_EVENT];
    const count = await tx.within(PLATFORM_SCOPE, (all) =>
      replayDeliveries(all, refOf(endpoint), span, types, ctx.now, MOST_REPLAYED + 1),
    );
    if (eventId !== null && count === 0) throw notFound('eventId');
    if (count > MOST_REPLAYED) {
      throw validationFailed('since', `These are more than ${MOST_REPLAYED} events. Give a shorter time span.`);
    }
    const times = { ...(since && { since: since.toISOString() }), ...(until && { until: until.toISOString() }) };
    const more = { replayed: count, ...times };
    await recordEndpoint(ctx, tx, 'webhook_endpoint.replay', { before: null, after: endpoint }, more);
    return { ref: refOf(endpoint), count };
  });
  return answer;
}

function requireEnabled({ disabledAt }: WebhookEndpoint): void {
  if (disabledAt === null) return;
  throw validationFailed('webhookEndpointId', 'This endpoint is disabled. Enable it first.');
}

function requireSpan({ event, since, until }: ReplayWebhookEvents, now: Date): void {
  if ((event === null) === (since === null)) throw validationFailed('since', 'Give either eventId or since.');
  if (since !== null && since > now) throw validationFailed('since', 'since is in the future.');
  if (until !== null && (since === null || until <= since || until.getTime() > now.getTime() + DAY_MS)) {
    throw validationFailed('until', 'until comes after since, goes with it, and is not far in the future.');
  }
}

function eventIdIn({ event }: ReplayWebhookEvents, { rootProviderId }: WebhookEndpoint): AuditEventId | null {
  if (event === null) return null;
  if (event === 'UNKNOWN' || event.rootProviderId !== rootProviderId) throw notFound('eventId');
  return event.id;
}
