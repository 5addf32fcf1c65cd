import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { eventColumns, eventJoins } from '../events/event.sql.ts';
import type { Event } from '../events/event.ts';
import type { EventType } from '../events/event-type.ts';
import type { ServiceProviderId, WebhookEndpointId } from '../ids.ts';
import type { Attempt, WaitingDelivery } from './delivery.ts';
import { type EndpointRow, toEndpoint, webhookEndpointColumns } from './webhook-endpoint.sql.ts';
import type { WebhookEndpoint } from './webhook-endpoint.ts';

const listRoots = statement<{ id: ServiceProviderId }>(
  'webhook_lane.list_roots',
  `select distinct l.root_provider_id as id from webhook_lane l
   join webhook_endpoint e on e.root_provider_id = l.root_provider_id and e.id = l.endpoint_id
   where l.pending > 0 and l.next_attempt_at <= $1 and e.disabled_at is null`,
);

/** The roots with something to send. */
export async function findRootsToSend(tx: Tx, now: Date): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRoots, [now])).map(({ id }) => id);
}

/** A lane that this process is at. */
export interface Claim {
  readonly rootProviderId: ServiceProviderId;
  readonly endpointId: WebhookEndpointId;
  readonly lane: string;
  readonly token: string;
}

export interface ClaimTerms {
  readonly token: string;
  readonly now: Date;
  /** Then it is anybody's again. */
  readonly leasedUntil: Date;
  readonly most: number;
  /** Of one endpoint, those under way included. */
  readonly mostOfEndpoint: number;
  /** Of one that has failed and not succeeded since. */
  readonly mostOfFailing: number;
  readonly underWay: ReadonlyMap<WebhookEndpointId, number>;
}

const claim = statement<{ endpointId: WebhookEndpointId; lane: string }>(
  'webhook_lane.claim',
  `with due as (
     select l.endpoint_id, l.lane, case when e.failing_since is null then $6::int else $7::int end as most,
       row_number() over (partition by l.endpoint_id order by l.next_attempt_at, l.lane) as nth
     from webhook_lane l
     join webhook_endpoint e on e.root_provider_id = l.root_provider_id and e.id = l.endpoint_id
     where l.root_provider_id = $1 and l.pending > 0 and l.next_attempt_at <= $3 and e.disabled_at is null),
   chosen as (
     select l.endpoint_id, l.lane from webhook_lane l
     join due on due.endpoint_id = l.endpoint_id and due.lane = l.lane
     left join unnest($8::uuid[], $9::int[]) busy (endpoint_id, count) on busy.endpoint_id = l.endpoint_id
     where l.root_provider_id = $1 and l.pending > 0 and l.next_attempt_at <= $3
       and due.nth <= due.most - coalesce(busy.count, 0)
     order by due.nth + coalesce(busy.count, 0) limit $5
     for update of l skip locked)
   update webhook_lane l set claim = $2, next_attempt_at = $4 from chosen c
   where l.root_provider_id = $1 and l.endpoint_id = c.endpoint_id and l.lane = c.lane
   returning l.endpoint_id as "endpointId", l.lane`,
);

/** Of those whose time has come, some that nobody is at: first of the endpoints that the fewest are under way to. */
export async function claimLanes(tx: Tx, rootProviderId: ServiceProviderId, terms: ClaimTerms): Promise<Claim[]> {
  const { token, now, leasedUntil, most, mostOfEndpoint, mostOfFailing, underWay } = terms;
  const rows = await tx.rows(claim, [
    ...[rootProviderId, token, now, leasedUntil, most, mostOfEndpoint, mostOfFailing],
    ...[[...underWay.keys()], [...underWay.values()]],
  ]);
  return rows.map((row) => ({ ...row, rootProviderId, token }));
}

const listEndpoints = statement<EndpointRow>(
  'webhook_lane.list_endpoints',
  `select ${webhookEndpointColumns} from webhook_endpoint e where e.root_provider_id = $1 and e.id = any ($2::uuid[])`,
);

export async function findEndpoints(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  ids: readonly WebhookEndpointId[],
): Promise<WebhookEndpoint[]> {
  return (await tx.rows(listEndpoints, [rootProviderId, ids])).map(toEndpoint);
}

interface WaitingRow extends Event {
  readonly endpointId: WebhookEndpointId;
  readonly lane: string;
  readonly type: EventType;
  readonly attempts: number;
  readonly firstAttemptAt: Date | null;
}

const listWaiting = statement<WaitingRow>(
  'webhook_lane.list_waiting',
  `select d.endpoint_id as "endpointId", d.lane, d.type, d.attempts, d.first_attempt_at as "firstAttemptAt",
     ${eventColumns}
   from unnest($2::uuid[], $3::uuid[]) claimed (endpoint_id, lane)
   cross join lateral (
     select * from webhook_delivery d
     where d.root_provider_id = $1 and d.endpoint_id = claimed.endpoint_id and d.lane = claimed.lane
       and d.status = 'PENDING'
     order by d.sequence limit $4) d
   join audit_event a on a.root_provider_id = d.root_provider_id and a.id = d.event_id
   ${eventJoins}
   order by d.endpoint_id, d.lane, d.sequence`,
);

/** The next of each claimed lane, in the order in which they are sent. @param most of a lane */
export async function findWaiting(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  claims: readonly Claim[],
  most: number,
): Promise<ReadonlyMap<string, readonly WaitingDelivery[]>> {
  const [endpoints, lanes] = [claims.map(({ endpointId }) => endpointId), claims.map(({ lane }) => lane)];
  const rows = await tx.rows(listWaiting, [rootProviderId, endpoints, lanes, most]);
  return Map.groupBy(rows.map(toWaiting), ({ key }) => key);
}

function toWaiting({ endpointId, lane, type, attempts, firstAttemptAt, ...event }: WaitingRow) {
  return { key: laneKey({ endpointId, lane }), type, attempts, firstAttemptAt, event };
}

export function laneKey({ endpointId, lane }: Pick<Claim, 'endpointId' | 'lane'>): string {
  return `${endpointId} ${lane}`;
}

const settle = statement<never>(
  'webhook_lane.settle',
  `with own as (
     update webhook_lane set pending = pending - 1, next_attempt_at = $10
     where root_provider_id = $1 and endpoint_id = $2 and lane = $3 and claim = $4 returning lane)
   update webhook_delivery d set status = $6, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $7),
     last_attempt_at = $7, response_status = $8, error = $9,
     delivered_at = case when $6 = 'DELIVERED'::webhook_delivery_status then $7::timestamptz end
   from own where d.root_provider_id = $1 and d.endpoint_id = $2 and d.event_id = $5 and d.status = 'PENDING'`,
);

export interface Settlement extends Attempt {
  readonly eventId: string;
  readonly now: Date;
}

/** Ends a delivery and keeps the lane. @returns whether the lane was still claimed: another process may have taken over */
export async function settleDelivery(
  tx: Tx,
  { rootProviderId, endpointId, lane, token }: Claim,
  { eventId, now, responseStatus, error }: Settlement,
  status: 'DELIVERED' | 'FAILED',
  leasedUntil: Date,
): Promise<boolean> {
  const values = [rootProviderId, endpointId, lane, token, eventId, status, now, responseStatus, error, leasedUntil];
  return (await tx.count(settle, values)) === 1;
}

const postpone = statement<never>(
  'webhook_lane.postpone',
  `with own as (
     update webhook_lane set claim = null, next_attempt_at = $9
     where root_provider_id = $1 and endpoint_id = $2 and lane = $3 and claim = $4 returning lane)
   update webhook_delivery d set attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $6),
     last_attempt_at = $6, response_status = $7, error = $8
   from own where d.root_provider_id = $1 and d.endpoint_id = $2 and d.event_id = $5 and d.status = 'PENDING'`,
);

/** Notes an attempt that failed, and gives the lane back until another one. @returns whether it was still claimed */
export async function postponeDelivery(
  tx: Tx,
  { rootProviderId, endpointId, lane, token }: Claim,
  { eventId, now, responseStatus, error }: Settlement,
  nextAttemptAt: Date,
): Promise<boolean> {
  const values = [rootProviderId, endpointId, lane, token, eventId, now, responseStatus, error, nextAttemptAt];
  return (await tx.count(postpone, values)) === 1;
}

const release = statement<never>(
  'webhook_lane.release',
  `update webhook_lane set claim = null, next_attempt_at = $5
   where root_provider_id = $1 and endpoint_id = $2 and lane = $3 and claim = $4`,
);

/** Gives a lane back: its next is anybody's. */
export async function releaseLane(
  tx: Tx,
  { rootProviderId, endpointId, lane, token }: Claim,
  now: Date,
): Promise<void> {
  await tx.count(release, [rootProviderId, endpointId, lane, token, now]);
}
