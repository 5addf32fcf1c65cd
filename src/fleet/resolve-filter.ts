import type { Tx } from '../database/database.ts';
import { inSight, type Scope } from '../database/scope.ts';
import type { OrganizationGroupRef } from '../ids.ts';
import type { FleetFilter, GroupCondition, ResolvedFilter } from './fleet.ts';
import { findGroupOfFilter } from './fleet-group.repository.ts';
import { parseSavedFilter } from './saved-filter.ts';

/**
 * What every list, count and target makes its SQL of: the one place where a filter's saved group is looked up. A group that
 * is missing or out of sight lets nothing through.
 */
export async function resolveFilter(tx: Tx, scope: Scope, filter: FleetFilter): Promise<ResolvedFilter> {
  const { group } = filter;
  return { ...filter, group: group === null ? null : await conditionOf(tx, scope, group) };
}

async function conditionOf(tx: Tx, scope: Scope, ref: OrganizationGroupRef): Promise<GroupCondition> {
  const found = await findGroupOfFilter(tx, ref);
  if (found === null || !inSight(scope, found)) return { kind: 'NOTHING' };
  if (found.filter === null) return { kind: 'MEMBERS', ref };
  return { kind: 'FILTER', filter: parseSavedFilter(found.filter) };
}
