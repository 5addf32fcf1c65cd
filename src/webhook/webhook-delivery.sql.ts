import { actionsOf, type EventType } from '../events/event-type.ts';

/** A delivery as the log shows it, of a row named `d`. */
export const deliveryColumns = `d.root_provider_id as "rootProviderId", d.endpoint_id as "endpointId",
  d.event_id as "eventId", d.organization_id as "organizationId", d.sequence::float8 as sequence, d.type, d.status,
  d.attempts, d.created_at as "createdAt", d.last_attempt_at as "lastAttemptAt", d.delivered_at as "deliveredAt",
  d.response_status as "responseStatus", d.error,
  case when d.status = 'PENDING' and d.attempts > 0 then
    (select l.next_attempt_at from webhook_lane l
      where l.root_provider_id = d.root_provider_id and l.endpoint_id = d.endpoint_id and l.lane = d.lane) end as "nextAttemptAt"`;

/**
 * Which events `a` of type `t.type` are for endpoint `e`. A test is for the one that it names.
 * @param test parameter that holds the type of tests
 */
export function isFor(test: string): string {
  return `e.provider_id = any (a.provider_path)
    and case when t.type = ${test} then a.target = e.id::text
      else t.type = any (e.events) and (e.organization_ids is null or a.organization_id = any (e.organization_ids)) end`;
}

/** One after the other go the events of an organization, those of none, and tests. */
export function laneOf(test: string): string {
  return `case when t.type = ${test} then 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid
    else coalesce(a.organization_id, '00000000-0000-0000-0000-000000000000') end`;
}

/** Puts the lanes of `added` (endpoint_id, lane, provider_path) in line at `$now`, in one order for all. */
export function addToLanes(root: string, added: string, now: string): string {
  return `insert into webhook_lane (root_provider_id, endpoint_id, lane, provider_path, pending, next_attempt_at)
    select ${root}, endpoint_id, lane, provider_path, count(*)::int, ${now} from ${added}
    group by endpoint_id, lane, provider_path order by endpoint_id, lane
    on conflict (root_provider_id, endpoint_id, lane) do update set pending = webhook_lane.pending + excluded.pending,
      next_attempt_at = case when webhook_lane.pending = 0 then excluded.next_attempt_at
        else webhook_lane.next_attempt_at end`;
}

/** As two arrays: actions of the trail, and the types that they are. */
export function everyAction(types: readonly EventType[]): [string[], string[]] {
  const actions = actionsOf(types);
  return [actions.map(({ action }) => action), actions.map(({ type }) => type)];
}
