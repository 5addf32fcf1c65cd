import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { requireTimestamp } from '../page.ts';
import { countFleets, findFleetPages } from './fleet.repository.ts';
import {
  type FleetFilter,
  type FleetPage,
  type FleetQuery,
  type Parents,
  type ResolvedFilter,
  refuseBadFilter,
} from './fleet.ts';
import { resolveFilter } from './resolve-filter.ts';

/**
 * A page of the organizations in sight, or a page under each of the parents.
 * @throws DomainError `VALIDATION_FAILED`
 */
export async function listFleet(ctx: RequestContext, parents: Parents, query: FleetQuery): Promise<FleetPage[]> {
  refuseBadFilter(query.filter);
  if (query.order.field !== 'NAME') requireTimestamp(query.page.after);
  const { scope } = ctx.actor;
  return withFilter(ctx, query.filter, (tx, filter) => {
    return findFleetPages(tx, scope, parents, { ...query, filter }, ctx.now);
  });
}

/** @throws DomainError `VALIDATION_FAILED` */
export async function countOrganizations(
  ctx: RequestContext,
  parents: Parents,
  filter: FleetFilter,
): Promise<number[]> {
  refuseBadFilter(filter);
  const { scope } = ctx.actor;
  return withFilter(ctx, filter, (tx, resolved) => countFleets(tx, scope, parents, resolved, ctx.now));
}

/** In one round trip, unless the filter names a group that has to be looked up first. */
function withFilter<Result>(
  { actor, database }: RequestContext,
  filter: FleetFilter,
  find: (tx: Tx, filter: ResolvedFilter) => Promise<Result>,
): Promise<Result> {
  const { scope } = actor;
  const { group } = filter;
  if (group === null) return database.read(scope, (tx) => find(tx, { ...filter, group }));
  return database.withTransaction(scope, async (tx) => find(tx, await resolveFilter(tx, actor.scope, filter)));
}
