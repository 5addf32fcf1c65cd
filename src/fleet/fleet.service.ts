import type { RequestContext } from '../context.ts';
import { validationFailed } from '../errors.ts';
import { requireTimestamp } from '../page.ts';
import { countFleets, findFleetPages } from './fleet.repository.ts';
import type { Parents } from './fleet.sql.ts';
import type { FleetFilter, FleetPage, FleetQuery } from './fleet.ts';

const LONGEST_SEARCH = 200;
const MOST_IDS = 10_000;

/**
 * A page of the organizations in sight, or a page under each of the parents.
 * @throws DomainError `VALIDATION_FAILED`
 */
export async function listFleet(ctx: RequestContext, parents: Parents, query: FleetQuery): Promise<FleetPage[]> {
  refuseBadFilter(query.filter);
  if (query.order.field !== 'NAME') requireTimestamp(query.page.after);
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => findFleetPages(tx, scope, parents, query, ctx.now));
}

/** @throws DomainError `VALIDATION_FAILED` */
export async function countOrganizations(
  ctx: RequestContext,
  parents: Parents,
  filter: FleetFilter,
): Promise<number[]> {
  refuseBadFilter(filter);
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => countFleets(tx, scope, parents, filter, ctx.now));
}

function refuseBadFilter({ search, organizations }: FleetFilter): void {
  if (search !== null && (search.length > LONGEST_SEARCH || search.includes('\0'))) {
    throw validationFailed('search', `Search for at most ${LONGEST_SEARCH} characters of plain text.`);
  }
  if (organizations !== null && organizations.length > MOST_IDS) {
    throw validationFailed('ids', `Give at most ${MOST_IDS} ids.`);
  }
}
