import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import { byRoot } from '../by-root.ts';
import type { Tx } from '../database/database.ts';
import { arrayOf, statement } from '../database/statement.ts';
import type { CountedHour, Counter } from './count-calls.ts';
import type { CounterWrite, NoticeWrite } from './usage-write.ts';

/** A bigint of the database comes as text. */
interface CounterRow extends ApiKeyRef {
  readonly windowStart: Date;
  readonly used: string;
  readonly hour: Date;
  readonly hourCalls: string;
  readonly threshold: number | null;
}

const isWanted = (row: string) =>
  `${row}.root_provider_id = w.root_provider_id and ${row}.organization_id = w.organization_id and ${row}.kind = w.kind`;

const lock = statement<CounterRow>(
  'usage_counter.lock',
  `select c.root_provider_id as "rootProviderId", c.organization_id as "organizationId", c.kind,
     c.window_start as "windowStart", c.used, c.hour, c.hour_calls as "hourCalls", c.threshold
   from unnest($2::uuid[], $3::api_key_kind[]) w (organization_id, kind)
   join usage_counter c on c.root_provider_id = $1 and c.organization_id = w.organization_id and c.kind = w.kind
   order by c.organization_id, c.kind
   for no key update of c`,
);

/** Those that there are, as nobody can change them before this transaction ends; all who lock many do so in one order. */
export async function lockCounters(tx: Tx, refs: readonly ApiKeyRef[]): Promise<(ApiKeyRef & { counter: Counter })[]> {
  const locks = byRoot(refs).map(([root, ofRoot]) => tx.rows(lock, [root, ...columnsOf(ofRoot).slice(1)]));
  return (await Promise.all(locks))
    .flat()
    .map(({ rootProviderId, organizationId, kind, windowStart, used, hour, hourCalls, threshold }) => ({
      rootProviderId,
      organizationId,
      kind,
      counter: { windowStart, used: Number(used), hour, hourCalls: Number(hourCalls), threshold },
    }));
}

const update = statement<never>(
  'usage_counter.update',
  `update usage_counter c set window_start = w.window_start, used = w.used, hour = w.hour, hour_calls = w.hour_calls,
     threshold = w.threshold, last_used_at = w.last_used_at, last_used_address = w.last_used_address
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::timestamptz[], $5::bigint[], $6::timestamptz[],
     $7::bigint[], $8::int[], $9::timestamptz[], $10::text[]) w (root_provider_id, organization_id, kind, window_start,
     used, hour, hour_calls, threshold, last_used_at, last_used_address)
   where ${isWanted('c')}`,
);

/** Of counters under this transaction's lock. @returns how many were written */
export function updateCounters(tx: Tx, writes: readonly CounterWrite[]): Promise<number> {
  return tx.count(update, counterColumns(writes));
}

const insert = statement<ApiKeyRef>(
  'usage_counter.insert',
  `insert into usage_counter (root_provider_id, organization_id, kind, provider_path, window_start, used, hour,
     hour_calls, threshold, last_used_at, last_used_address)
   select k.root_provider_id, k.organization_id, k.kind, k.provider_path, w.window_start, w.used, w.hour, w.hour_calls,
     w.threshold, w.last_used_at, w.last_used_address
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::timestamptz[], $5::bigint[], $6::timestamptz[],
     $7::bigint[], $8::int[], $9::timestamptz[], $10::text[]) w (root_provider_id, organization_id, kind, window_start,
     used, hour, hour_calls, threshold, last_used_at, last_used_address)
   join api_key k on ${isWanted('k')}
   order by k.root_provider_id, k.organization_id, k.kind
   on conflict do nothing
   returning root_provider_id as "rootProviderId", organization_id as "organizationId", kind`,
);

/** For slots that nobody has counted a call of. @returns those of which somebody has not meanwhile */
export function insertCounters(tx: Tx, writes: readonly CounterWrite[]): Promise<ApiKeyRef[]> {
  return tx.rows(insert, counterColumns(writes));
}

const insertHours = statement<never>(
  'usage_hour.insert',
  `insert into usage_hour (root_provider_id, organization_id, kind, provider_path, hour, calls)
   select c.root_provider_id, c.organization_id, c.kind, c.provider_path, w.hour, w.calls
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::timestamptz[], $5::bigint[])
     w (root_provider_id, organization_id, kind, hour, calls)
   join usage_counter c on ${isWanted('c')}`,
);

/** Hours that are over. */
export async function writeHours(tx: Tx, hours: readonly (CountedHour & { readonly ref: ApiKeyRef })[]): Promise<void> {
  const places = columnsOf(hours.map(({ ref }) => ref));
  await tx.count(insertHours, [...places, hours.map(({ hour }) => hour), hours.map(({ calls }) => calls)]);
}

const insertNotices = statement<never>(
  'usage_notice.insert',
  `insert into usage_notice (root_provider_id, organization_id, kind, provider_path, window_start, percent, used,
     threshold, at)
   select c.root_provider_id, c.organization_id, c.kind, c.provider_path, w.window_start, w.percent, w.used, w.threshold, w.at
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::timestamptz[], $5::int[], $6::bigint[], $7::int[],
     $8::timestamptz[]) w (root_provider_id, organization_id, kind, window_start, percent, used, threshold, at)
   join usage_counter c on ${isWanted('c')}
   on conflict do nothing`,
);

/** Each once in a window, under one threshold. */
export async function writeNotices(tx: Tx, notices: readonly NoticeWrite[]): Promise<void> {
  await tx.count(insertNotices, [
    ...columnsOf(notices.map(({ ref }) => ref)),
    notices.map(({ windowStart }) => windowStart),
    notices.map(({ percent }) => percent),
    notices.map(({ used }) => used),
    notices.map(({ threshold }) => threshold),
    notices.map(({ at }) => at),
  ]);
}

function counterColumns(writes: readonly CounterWrite[]): unknown[] {
  return [
    ...columnsOf(writes.map(({ ref }) => ref)),
    arrayOf(writes.map(({ counter }) => counter.windowStart.toISOString())),
    arrayOf(writes.map(({ counter }) => counter.used)),
    arrayOf(writes.map(({ counter }) => counter.hour.toISOString())),
    arrayOf(writes.map(({ counter }) => counter.hourCalls)),
    arrayOf(writes.map(({ counter }) => counter.threshold ?? 'null')),
    arrayOf(writes.map(({ at }) => at.toISOString())),
    writes.map(({ address }) => address),
  ];
}

function columnsOf(refs: readonly ApiKeyRef[]): string[] {
  return [
    arrayOf(refs.map((ref) => ref.rootProviderId)),
    arrayOf(refs.map((ref) => ref.organizationId)),
    arrayOf(refs.map((ref) => ref.kind)),
  ];
}
