import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { validationFailed } from '../errors.ts';
import { authorize, refuseBorrower } from '../identity/authorize.ts';
import type { OrganizationGroupRef, OrganizationRef, ServiceProviderRef } from '../ids.ts';
import { findOrganization } from '../organization/organization.repository.ts';
import { findOrganizationGroup } from '../organization-group/organization-group.repository.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import { seesProvider } from '../service-provider/service-provider.ts';
import type { RotationPolicy } from './rotation-policy.ts';

/** Where a policy is to hold: one of the three. Null is not given; `'UNKNOWN'` an id that names nothing. */
export interface GivenPlace {
  readonly serviceProvider: ServiceProviderRef | 'UNKNOWN' | null;
  readonly group: OrganizationGroupRef | 'UNKNOWN' | null;
  readonly organization: OrganizationRef | 'UNKNOWN' | null;
}

type Place = Pick<
  RotationPolicy,
  'rootProviderId' | 'providerId' | 'providerPath' | 'organizationId' | 'groupId' | 'ofOrganizationId'
>;

/** @throws DomainError `VALIDATION_FAILED` */
export function refuseOtherThanOne({ serviceProvider, group, organization }: GivenPlace): void {
  if ([serviceProvider, group, organization].filter((given) => given !== null).length === 1) return;
  const message = 'Give serviceProviderId, organizationGroupId or organizationId: one of the three.';
  throw validationFailed('serviceProviderId', message);
}

/** Whose trail a refusal belongs to. */
export async function locatePlace(tx: Tx, place: GivenPlace): Promise<TenantRow | null> {
  const { provider, group, organization } = await look(tx, place);
  return organization ?? group ?? provider;
}

/** The place, once it is known to be the actor's to make rules for. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export async function findPlace({ actor }: RequestContext, tx: Tx, place: GivenPlace): Promise<Place> {
  const found = await look(tx, place);
  const nothing = { organizationId: null, groupId: null, ofOrganizationId: null };
  if (place.group !== null) {
    const group = authorize(actor, 'rotation:manage', found.group, 'organizationGroupId');
    refuseBorrower(actor);
    const { rootProviderId, providerId, providerPath } = group;
    return { ...nothing, rootProviderId, providerId, providerPath, groupId: group.id };
  }
  if (place.organization !== null) {
    const organization = authorize(actor, 'rotation:manage', found.organization, 'organizationId');
    refuseBorrower(actor);
    const { rootProviderId, providerId, providerPath, organizationId } = organization;
    return { ...nothing, rootProviderId, providerId, providerPath, ofOrganizationId: organizationId };
  }
  const provider = authorize(actor, 'rotation:manage', found.provider, 'serviceProviderId', seesProvider);
  refuseBorrower(actor);
  const { rootProviderId, id: providerId, providerPath } = provider;
  return { ...nothing, rootProviderId, providerId, providerPath };
}

async function look(tx: Tx, { serviceProvider, group, organization }: GivenPlace) {
  return {
    provider: isGiven(serviceProvider) ? await findServiceProvider(tx, serviceProvider) : null,
    group: isGiven(group) ? await findOrganizationGroup(tx, group) : null,
    organization: isGiven(organization) ? await findOrganization(tx, organization) : null,
  };
}

function isGiven<Ref>(given: Ref | 'UNKNOWN' | null): given is Ref {
  return given !== null && given !== 'UNKNOWN';
}
