import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import type { FleetFilter, SavedFilter } from '../fleet/fleet.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { type ServiceProvider, seesProvider } from '../service-provider/service-provider.ts';
import { type OrganizationGroup, providerRefOf } from './organization-group.ts';
import { savableFilter } from './savable-filter.ts';

/**
 * The filter as the group keeps it: within the group's provider, whatever else it says.
 * @throws DomainError `VALIDATION_FAILED`; `NOT_FOUND` when its provider is out of sight or not below the group's
 */
export async function filterToStore(
  tx: Tx,
  scope: Scope,
  group: OrganizationGroup,
  filter: FleetFilter,
): Promise<SavedFilter> {
  const conditions = savableFilter(filter);
  const { serviceProvider } = conditions;
  if (serviceProvider === null) return { ...conditions, serviceProvider: providerRefOf(group) };
  const provider = await findServiceProvider(tx, serviceProvider);
  if (provider !== null && seesProvider(scope, provider) && isWithin(provider, group)) return conditions;
  const field = ['filter', 'serviceProviderId'];
  throw new DomainError('NOT_FOUND', 'Nothing with this id exists here. Check the id.', field);
}

function isWithin(provider: ServiceProvider, { rootProviderId, providerId }: OrganizationGroup): boolean {
  return provider.rootProviderId === rootProviderId && provider.providerPath.includes(providerId);
}
