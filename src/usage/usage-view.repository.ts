import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { ThresholdPeriod } from '../subscription/subscription.ts';
import type { SlotUsage, UsageWarning, WindowRef } from './slot-usage.ts';
import type { UsagePoint, UsageRange } from './usage-history.ts';

interface UsageRow extends Omit<SlotUsage, 'counter'> {
  readonly windowStart: Date | null;
  readonly used: string | null;
  readonly hour: Date | null;
  readonly hourCalls: string | null;
  readonly threshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
}

const wanted = 'unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) w (root_provider_id, organization_id, kind)';
const isWanted = (row: string) =>
  `${row}.root_provider_id = w.root_provider_id and ${row}.organization_id = w.organization_id and ${row}.kind = w.kind`;

const find = statement<UsageRow>(
  'usage.find_many',
  `select k.root_provider_id as "rootProviderId", k.organization_id as "organizationId", k.kind,
     k.provider_path as "providerPath", k.window_opened_at as "windowOpenedAt", s.call_threshold as "callThreshold",
     s.threshold_period as "thresholdPeriod", c.window_start as "windowStart", c.used, c.hour,
     c.hour_calls as "hourCalls", c.threshold, c.last_used_at as "lastUsedAt", c.last_used_address as "lastUsedAddress"
   from ${wanted}
   join api_key k on ${isWanted('k')}
   left join usage_counter c on ${isWanted('c')}
   left join subscription s on s.root_provider_id = w.root_provider_id and s.organization_id = w.organization_id
     and s.superseded_at is null`,
);

/** Of slots with a call or without. */
export async function findUsages(tx: Tx, refs: readonly ApiKeyRef[]): Promise<SlotUsage[]> {
  const rows = await tx.rows(find, columnsOf(refs));
  return rows.map(({ windowStart, used, hour, hourCalls, threshold, ...row }) => {
    if (windowStart === null || hour === null) return { ...row, counter: null };
    return { ...row, counter: { windowStart, used: Number(used), hour, hourCalls: Number(hourCalls), threshold } };
  });
}

const findNotices = statement<Omit<UsageWarning, 'used'> & { used: string }>(
  'usage_notice.find_many',
  `select n.root_provider_id as "rootProviderId", n.organization_id as "organizationId", n.kind,
     n.window_start as "startsAt", n.percent, n.used, n.threshold, n.at
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::timestamptz[])
     w (root_provider_id, organization_id, kind, window_start)
   join usage_notice n on ${isWanted('n')} and n.window_start = w.window_start
   order by n.at, n.percent`,
);

/** The oldest first. */
export async function findWarnings(tx: Tx, windows: readonly WindowRef[]): Promise<UsageWarning[]> {
  const rows = await tx.rows(findNotices, [...columnsOf(windows), windows.map(({ startsAt }) => startsAt)]);
  return rows.map((row) => ({ ...row, used: Number(row.used) }));
}

const findCounted = statement<ApiKeyRef & { startsAt: Date; calls: string }>(
  'usage.find_history',
  `with counted as (
     select h.root_provider_id, h.organization_id, h.kind, h.hour as at, h.calls
     from ${wanted} join usage_hour h on ${isWanted('h')} where h.hour >= $4 and h.hour < $5
     union all
     select c.root_provider_id, c.organization_id, c.kind, c.hour, c.hour_calls
     from ${wanted} join usage_counter c on ${isWanted('c')} where c.hour >= $4 and c.hour < $5
     union all
     select d.root_provider_id, d.organization_id, d.kind, d.day, d.calls
     from ${wanted} join usage_day d on ${isWanted('d')} where d.day >= $4 and d.day < $5 and $6 <> 'hour')
   select root_provider_id as "rootProviderId", organization_id as "organizationId", kind,
     date_trunc($6, at, 'UTC') as "startsAt", sum(calls) as calls
   from counted group by 1, 2, 3, 4`,
);

/** Periods with calls, in no order. Hours that were rolled up into days are in no hour. */
export async function findHistory(
  tx: Tx,
  refs: readonly ApiKeyRef[],
  { since, until, granularity }: UsageRange,
): Promise<(ApiKeyRef & UsagePoint)[]> {
  const rows = await tx.rows(findCounted, [...columnsOf(refs), since, until, granularity.toLowerCase()]);
  return rows.map((row) => ({ ...row, calls: Number(row.calls) }));
}

const rollUp = statement<never>(
  'usage_hour.roll_up',
  `with old as (
     delete from usage_hour h using (
       select organization_id, kind, hour from usage_hour where root_provider_id = $3 and hour < $1
       order by hour limit $2 for update skip locked) o
     where h.root_provider_id = $3 and h.organization_id = o.organization_id and h.kind = o.kind
       and h.hour = o.hour
     returning h.root_provider_id, h.organization_id, h.kind, h.provider_path, h.hour, h.calls),
   days as (
     insert into usage_day (root_provider_id, organization_id, kind, day, provider_path, calls)
     select root_provider_id, organization_id, kind, date_trunc('day', hour, 'UTC'), provider_path, sum(calls)
     from old group by 1, 2, 3, 4, 5
     order by 1, 2, 3, 4
     on conflict (root_provider_id, organization_id, kind, day) do update set calls = usage_day.calls + excluded.calls)
   select from old`,
);

/** Makes hours of one root before that day into days. @returns how many hours it took */
export function rollUpHours(tx: Tx, rootProviderId: ServiceProviderId, before: Date, most: number): Promise<number> {
  return tx.count(rollUp, [before, most, rootProviderId]);
}

const listRootsToRollUp = statement<{ id: ServiceProviderId }>(
  'usage_hour.list_roots',
  'select distinct root_provider_id as id from usage_hour where hour < $1',
);

/** Those with hours before that day. Needs the scope of the platform. */
export async function findRootsToRollUp(tx: Tx, before: Date): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRootsToRollUp, [before])).map(({ id }) => id);
}

function columnsOf(refs: readonly ApiKeyRef[]): unknown[] {
  return [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.organizationId), refs.map((ref) => ref.kind)];
}
