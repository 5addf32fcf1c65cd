import { expiredSql, slotSource } from '../api-key/api-key.sql.ts';
import { type DisablementSource, disablementSourceNames } from '../api-key/api-key.ts';
import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { noticePercents } from '../usage/count-calls.ts';
import { addProvider, addScope, Conditions } from './conditions.sql.ts';
import { boundsOf, type FleetSummary, spansOf } from './fleet-summary.ts';
import { isOfThisPeriod } from './threshold-used.sql.ts';

interface Row {
  readonly all: number;
  readonly enabled: number;
  readonly disabled: number;
  readonly empty: number;
  /** In the order of `disablementSourceNames`. */
  readonly sources: number[];
  readonly ends: number[];
  /** The youngest first. */
  readonly ages: number[];
  /** In the order of `noticePercents`. */
  readonly uses: number[];
}

const isDisabled = '(expired or sources is not null)';

function summarySql(where: string, now: string, ends: string, ages: string): string {
  const sourceCount = (source: DisablementSource) =>
    source === 'SUBSCRIPTION_EXPIRED' ? 'expired' : `'${source}' = any (sources)`;
  return `with slots as materialized (
      select k.fingerprint is not null as holds, k.last_modified_at, ${expiredSql(now)} as expired,
        s.ends_at, s.id is not null and s.cancelled_at is null and s.starts_at <= ${now} and s.ends_at > ${now} as active, d.sources,
        case when ${isOfThisPeriod(now, 's')} and (k.window_opened_at > c.window_start) is not true
          then c.used * 100 / nullif(s.call_threshold, 0) end as used_percent
      from ${slotSource}
      left join (select root_provider_id, organization_id, array_agg(source::text) as sources from disablement
        where kind = 'CLOUD_SERVICE' group by root_provider_id, organization_id) d
        on d.root_provider_id = k.root_provider_id and d.organization_id = k.organization_id
      left join usage_counter c on c.root_provider_id = k.root_provider_id and c.organization_id = k.organization_id
        and c.kind = k.kind
      where k.kind = 'CLOUD_SERVICE' and ${where}),
    ages as (select width_bucket(last_modified_at, ${ages}) as place, count(*)::int as count from slots
      where holds and last_modified_at is not null group by place)
    select count(*)::int as all,
      count(*) filter (where not ${isDisabled} and holds)::int as enabled,
      count(*) filter (where ${isDisabled})::int as disabled,
      count(*) filter (where not ${isDisabled} and not holds)::int as empty,
      array[${disablementSourceNames.map((source) => `count(*) filter (where ${sourceCount(source)})`)}]::int[] as sources,
      array[${noticePercents.map((percent) => `count(*) filter (where used_percent >= ${percent})`)}]::int[] as uses,
      (select array_agg((select count(*) from slots where active and ends_at < bound)::int order by bound)
        from unnest(${ends}) bound) as ends,
      (select array_agg(coalesce(count, 0) order by number desc)
        from generate_series(0, cardinality(${ages})) number left join ages on place = number) as ages
    from slots`;
}

/** Everything in sight, or what of it is under a provider, in one pass. */
export async function findFleetSummary(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
  now: Date,
): Promise<FleetSummary> {
  const conditions = new Conditions();
  addScope(conditions, scope, 'k', 'k.organization_id');
  if (serviceProvider !== null) addProvider(conditions, scope, serviceProvider, 'k');
  const { ends, ages } = boundsOf(now);
  const values = [...conditions.values, now, ends.map(({ before }) => before), ages.toReversed()];
  const [at, before, bounds] = ['timestamptz', 'timestamptz[]', 'timestamptz[]'].map(
    (type, index) => `$${conditions.values.length + index + 1}::${type}`,
  ) as [string, string, string];
  const sql = summarySql(conditions.where, at, before, bounds);
  const [row] = await tx.rows(statement<Row>(`fleet.summary_${conditions.code}`, sql, { isReplanned: true }), values);
  if (row === undefined) throw new Error('a count has a row');
  return {
    organizationCount: row.all,
    enabledCount: row.enabled,
    disabledCount: row.disabled,
    emptyCount: row.empty,
    disabledBy: disablementSourceNames.map((source, index) => ({ source, count: row.sources[index] ?? 0 })),
    subscriptionsEnding: ends.map((end, index) => ({ ...end, count: row.ends[index] ?? 0 })),
    thresholdsUsed: noticePercents.map((percent, index) => ({ percent, count: row.uses[index] ?? 0 })),
    keyAges: spansOf(ages).map((span, index) => ({ ...span, count: row.ages[index] ?? 0 })),
  };
}
