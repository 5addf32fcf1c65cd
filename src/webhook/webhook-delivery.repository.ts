import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { type EventType, TEST_EVENT } from '../events/event-type.ts';
import type { AuditEventId, WebhookEndpointRef } from '../ids.ts';
import type { Delivery, DeliveryStatus } from './delivery.ts';
import { addToLanes, deliveryColumns, everyAction, isFor, laneOf } from './webhook-delivery.sql.ts';

export interface DeliveryFilter {
  readonly status: DeliveryStatus | null;
}

const ofEndpoint = `d.root_provider_id = $1 and d.endpoint_id = $2
  and ($3::webhook_delivery_status is null or d.status = $3)`;

const page = statement<Delivery>(
  'webhook_delivery.page',
  `select ${deliveryColumns} from webhook_delivery d
   where ${ofEndpoint} and ($4::bigint is null or d.sequence < $4) order by d.sequence desc limit $5`,
);

/** The newest first, behind a sequence; one longer than asked for. */
export function findDeliveryPage(
  tx: Tx,
  ref: WebhookEndpointRef,
  { status }: DeliveryFilter,
  after: number | null,
  first: number,
): Promise<Delivery[]> {
  return tx.rows(page, [ref.rootProviderId, ref.webhookEndpointId, status, after, first + 1]);
}

const count = statement<{ count: number }>(
  'webhook_delivery.count',
  `select count(*)::int as count from webhook_delivery d where ${ofEndpoint}`,
);

export async function countDeliveries(tx: Tx, ref: WebhookEndpointRef, { status }: DeliveryFilter): Promise<number> {
  return (await tx.row(count, [ref.rootProviderId, ref.webhookEndpointId, status])).count;
}

const lockLanes = statement<never>(
  'webhook_delivery.lock_lanes',
  'select from webhook_lane where root_provider_id = $1 and endpoint_id = $2 order by lane for update',
);

const replay = statement<{ count: number }>(
  'webhook_delivery.replay',
  `with wanted as (
     select a.id, l.sequence, e.provider_path, a.organization_id, ${laneOf('$8')} as lane, t.type
     from webhook_endpoint e
     join audit_event a on a.root_provider_id = e.root_provider_id
     join audit_link l on l.root_provider_id = a.root_provider_id and l.event_id = a.id and l.sequence <= e.cursor
     join unnest($6::text[], $7::text[]) t (action, type) on t.action = a.action
     where e.root_provider_id = $1 and e.id = $2 and a.result = 'OK' and ${isFor('$8')}
       and ($3::uuid is null or a.id = $3) and ($4::timestamptz is null or a.at >= $4)
       and ($5::timestamptz is null or a.at < $5)
     limit $10),
   added as (
     insert into webhook_delivery as d (root_provider_id, endpoint_id, event_id, sequence, provider_path, organization_id,
       lane, type, status, created_at)
     select $1, $2, id, sequence, provider_path, organization_id, lane, type, 'PENDING', $9 from wanted order by sequence
     on conflict (root_provider_id, endpoint_id, event_id) do update
       set status = 'PENDING', attempts = 0, first_attempt_at = null, delivered_at = null
       where d.status <> 'PENDING'
     returning endpoint_id, lane, provider_path),
   lanes as (${addToLanes('$1', 'added', '$9')})
   select count(*)::int as count from wanted`,
);

/** One event by its id, or those of a time span. */
export interface ReplaySpan {
  readonly eventId: AuditEventId | null;
  readonly since: Date | null;
  /** Not included. */
  readonly until: Date | null;
}

/**
 * Puts events in line once more, and those that were never in line, in the order of the chain.
 * @param tx has the platform's scope, and the endpoint under lock
 * @returns how many, at most `most`
 */
export async function replayDeliveries(
  tx: Tx,
  { rootProviderId, webhookEndpointId }: WebhookEndpointRef,
  { eventId, since, until }: ReplaySpan,
  types: readonly EventType[],
  now: Date,
  most: number,
): Promise<number> {
  await tx.rows(lockLanes, [rootProviderId, webhookEndpointId]);
  const span = [eventId, since, until];
  const values = [rootProviderId, webhookEndpointId, ...span, ...everyAction(types), TEST_EVENT, now, most];
  return (await tx.row(replay, values)).count;
}

const forget = statement<never>(
  'webhook_delivery.forget',
  `delete from webhook_delivery d using (
     select root_provider_id, endpoint_id, event_id from webhook_delivery
     where created_at < $1 and status <> 'PENDING' order by created_at limit $2) old
   where d.root_provider_id = old.root_provider_id and d.endpoint_id = old.endpoint_id and d.event_id = old.event_id`,
);

/** @returns how many, at most `most` */
export function deleteOldDeliveries(tx: Tx, before: Date, most: number): Promise<number> {
  return tx.count(forget, [before, most]);
}
