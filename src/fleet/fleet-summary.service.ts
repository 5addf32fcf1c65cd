import type { RequestContext } from '../context.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { findFleetSummary } from './fleet-summary.repository.ts';
import type { FleetSummary } from './fleet-summary.ts';

/**
 * How many of the organizations in sight are in which state now.
 * @param serviceProvider only those of its subtree; one that is out of sight has none
 * @throws DomainError `FORBIDDEN`
 */
export function summarizeFleet(ctx: RequestContext, serviceProvider: ServiceProviderRef | null): Promise<FleetSummary> {
  requirePermission(ctx.actor, 'apiKey:view');
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => findFleetSummary(tx, scope, serviceProvider, ctx.now));
}
