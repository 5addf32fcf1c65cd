import type { RequestContext } from '../context.ts';
import { validationFailed } from '../errors.ts';
import type { PageRequest } from '../page.ts';
import { requireTimestamp } from '../page.ts';
import type { FleetFilter, FleetOrder, FleetPage } from './fleet.ts';
import { countFleet, findFleetPage } from './fleet.repository.ts';

const LONGEST_SEARCH = 200;
const MOST_IDS = 10_000;

/** @throws DomainError `VALIDATION_FAILED` */
export function listFleet(
  ctx: RequestContext,
  filter: FleetFilter,
  order: FleetOrder,
  page: PageRequest,
): Promise<FleetPage> {
  refuseBadFilter(filter);
  if (order.field !== 'NAME') requireTimestamp(page.after);
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => findFleetPage(tx, scope, filter, order, page, ctx.now));
}

export function countOrganizations(ctx: RequestContext, filter: FleetFilter): Promise<number> {
  refuseBadFilter(filter);
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => countFleet(tx, scope, filter, ctx.now));
}

function refuseBadFilter({ search, organizations }: FleetFilter): void {
  if (search !== null && (search.length > LONGEST_SEARCH || search.includes('\0'))) {
    throw validationFailed('search', `Search for at most ${LONGEST_SEARCH} characters of plain text.`);
  }
  if (organizations !== null && organizations.length > MOST_IDS) {
    throw validationFailed('ids', `Give at most ${MOST_IDS} ids.`);
  }
}
