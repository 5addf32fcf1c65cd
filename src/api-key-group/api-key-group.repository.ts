import { fromFingerprint } from '../api-key/api-key.sql.ts';
import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { addProvider, addScope, Conditions } from '../fleet/conditions.sql.ts';
import type { ServiceProviderRef } from '../ids.ts';
import type { ApiKeyGroup, GroupPosition } from './api-key-group.ts';

/** Which slots are grouped. */
export interface GroupSelection {
  readonly scope: Scope;
  /** Of this provider and its whole subtree. */
  readonly serviceProvider: ServiceProviderRef | null;
}

export interface GroupQuery extends GroupSelection {
  readonly minimumCount: number;
}

function slotsOf({ scope, serviceProvider }: GroupSelection): Conditions {
  const conditions = new Conditions();
  addScope(conditions, scope, 'k', 'k.organization_id');
  if (serviceProvider !== null) addProvider(conditions, scope, serviceProvider, 'k');
  return conditions;
}

/** Groups of at least so many, as `g`. Adds to `conditions`. */
function groupsSql(conditions: Conditions, minimumCount: number): string {
  const where = [...conditions.sql, `k.kind = 'CLOUD_SERVICE'`, 'k.fingerprint is not null'].join(' and ');
  return `(select k.root_provider_id, k.fingerprint, count(*)::int as count from api_key k where ${where}
    group by k.root_provider_id, k.fingerprint having count(*) >= $${conditions.values.push(minimumCount)}) g`;
}

/** Largest first; one longer than asked for. */
export function findApiKeyGroupPage(
  tx: Tx,
  { minimumCount, ...selection }: GroupQuery,
  after: GroupPosition | null,
  first: number,
): Promise<ApiKeyGroup[]> {
  const conditions = slotsOf(selection);
  const groups = groupsSql(conditions, minimumCount);
  const name = `api_key_group.page_${conditions.code}${after === null ? '' : 'a'}`;
  const add = (value: unknown) => `$${conditions.values.push(value)}`;
  const rest =
    after === null
      ? 'true'
      : `(-g.count, g.fingerprint) > (${add(-after.organizationCount)}::int, ${add(fromFingerprint(after.fingerprint))}::bytea)`;
  const page = statement<ApiKeyGroup>(
    name,
    `select g.root_provider_id as "rootProviderId", encode(g.fingerprint, 'hex') as fingerprint,
       g.count as "organizationCount"
     from ${groups} where ${rest}
     order by g.count desc, g.fingerprint limit ${add(first + 1)}`,
  );
  return tx.rows(page, conditions.values);
}

export async function countApiKeyGroupRows(tx: Tx, { minimumCount, ...selection }: GroupQuery): Promise<number> {
  const conditions = slotsOf(selection);
  const sql = `select count(*)::int as count from ${groupsSql(conditions, minimumCount)}`;
  const count = statement<{ count: number }>(`api_key_group.count_${conditions.code}`, sql);
  return (await tx.row(count, conditions.values)).count;
}

export interface DriftRow {
  /** Of the largest group; both null when there is none. */
  readonly fingerprint: string | null;
  readonly organizationCount: number | null;
  readonly holdingCount: number;
  readonly emptyCount: number;
}

/** How the slots of one provider's subtree differ. @param leastSharing fewer are no group */
export function findDriftRow(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef,
  leastSharing: number,
): Promise<DriftRow> {
  const conditions = slotsOf({ scope, serviceProvider });
  const least = `$${conditions.values.push(leastSharing)}`;
  const drift = statement<DriftRow>(
    `api_key_group.drift_${conditions.code}`,
    `with string as materialized (
       select k.fingerprint, count(*)::int as count from api_key k
       where ${conditions.sql.join(' and ')} and k.kind = 'CLOUD_SERVICE' group by k.fingerprint),
     largest as (
       select fingerprint, count from string where fingerprint is not null and count >= ${least}
       order by count desc, fingerprint limit 1)
     select encode(largest.fingerprint, 'hex') as fingerprint, largest.count as "organizationCount",
       totals.holding as "holdingCount", totals.empty as "emptyCount"
     from (select coalesce(sum(count) filter (where fingerprint is not null), 0)::int as holding,
         coalesce(sum(count) filter (where fingerprint is null), 0)::int as empty from string) totals
     left join largest on true`,
  );
  return tx.row(drift, conditions.values);
}
