import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { eventTypes, TEST_EVENT } from '../events/event-type.ts';
import type { ServiceProviderId, WebhookEndpointId } from '../ids.ts';
import { addToLanes, everyAction, isFor, laneOf } from './webhook-delivery.sql.ts';

const listRoots = statement<{ id: ServiceProviderId }>(
  'webhook_fan_out.list_roots',
  `select distinct e.root_provider_id as id from webhook_endpoint e
   join audit_chain c on c.root_provider_id = e.root_provider_id
   where e.disabled_at is null and e.cursor < c.sequence`,
);

/** The roots with events that some endpoint has not been looked at for. */
export async function findRootsToFanOut(tx: Tx): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRoots, [])).map(({ id }) => id);
}

export interface BehindEndpoint {
  readonly id: WebhookEndpointId;
  readonly cursor: number;
  /** Of the chain. */
  readonly head: number;
}

const lockBehind = statement<BehindEndpoint>(
  'webhook_fan_out.lock_endpoints',
  `select e.id, e.cursor::float8 as cursor, c.sequence::float8 as head from webhook_endpoint e
   join audit_chain c on c.root_provider_id = e.root_provider_id
   where e.root_provider_id = $1 and e.disabled_at is null and e.cursor < c.sequence
   order by e.id for update of e skip locked`,
);

/** Those that nobody else is at. */
export function lockEndpointsBehind(tx: Tx, rootProviderId: ServiceProviderId): Promise<BehindEndpoint[]> {
  return tx.rows(lockBehind, [rootProviderId]);
}

const insertDeliveries = statement<never>(
  'webhook_fan_out.insert_deliveries',
  `with added as (
     insert into webhook_delivery (root_provider_id, endpoint_id, event_id, sequence, provider_path, organization_id, lane,
       type, status, created_at)
     select $1, e.id, a.id, l.sequence, e.provider_path, a.organization_id, ${laneOf('$7')}, t.type, 'PENDING', $8
     from audit_link l
     join audit_event a on a.root_provider_id = l.root_provider_id and a.id = l.event_id
     join unnest($5::text[], $6::text[]) t (action, type) on t.action = a.action
     join webhook_endpoint e on e.root_provider_id = l.root_provider_id and e.id = any ($4::uuid[])
       and l.sequence > e.cursor and ${isFor('$7')}
     where l.root_provider_id = $1 and l.sequence > $2 and l.sequence <= $3 and a.result = 'OK'
     on conflict do nothing
     returning endpoint_id, lane, provider_path)
   ${addToLanes('$1', 'added', '$8')}`,
);

const moveCursors = statement<never>(
  'webhook_fan_out.move_cursors',
  `update webhook_endpoint set cursor = $3 where root_provider_id = $1 and id = any ($2::uuid[]) and cursor < $3`,
);

/** Puts in line what is behind each endpoint's cursor, up to a sequence. @param endpoints locked */
export async function fanOutTo(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  endpoints: readonly BehindEndpoint[],
  through: number,
  now: Date,
): Promise<void> {
  const from = Math.min(...endpoints.map(({ cursor }) => cursor));
  const ids = endpoints.map(({ id }) => id);
  await tx.count(insertDeliveries, [rootProviderId, from, through, ids, ...everyAction(eventTypes), TEST_EVENT, now]);
  await tx.count(moveCursors, [rootProviderId, ids, through]);
}
