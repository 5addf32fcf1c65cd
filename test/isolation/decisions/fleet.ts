import { encodeCursor } from '../../../src/page.ts';
import { fold } from '../../../src/text.ts';
import { type Ask, by, commands, type Decision, id, input, reads, removes } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import { things } from '../things.ts';
import { IN_A_YEAR, idIn, newName, organizationsFor, parentProvider, slot } from './asks.ts';

/** A position in a list by name, at an entry that the caller may not see. */
function cursorAt(name: string, globalId: string): string {
  return encodeCursor('NAME_ASC', { value: fold(name), id: idIn(globalId) });
}

const organizationFilters: readonly Ask[] = [
  by('Organization', ({ ids }) => ({ filter: { ids: [ids.Organization] } }), { by: 'filter.ids' }),
  by('Organization', ({ words }) => ({ filter: { search: words.organizationName } }), { by: 'filter.search' }),
  by('Organization', ({ words }) => ({ filter: { fingerprint: words.fingerprint } }), { by: 'filter.fingerprint' }),
  by('ServiceProvider', ({ ids }) => ({ filter: { serviceProviderId: ids.ServiceProvider } }), {
    by: 'filter.serviceProviderId',
  }),
  by('Organization', ({ words }) => ({ filter: { fingerprintNot: words.fingerprint } }), {
    by: 'filter.fingerprintNot',
    isLookUp: false,
  }),
  by('OrganizationGroup', ({ ids }) => ({ filter: { groupId: ids.OrganizationGroup } }), { by: 'filter.groupId' }),
  by('Organization', ({ ids, words }) => ({ after: cursorAt(words.organizationName, ids.Organization) }), {
    by: 'after',
    isLookUp: false,
  }),
];

const providerCursor = by(
  'ServiceProvider',
  ({ ids, words }) => ({ after: cursorAt(words.providerName, ids.ServiceProvider) }),
  { by: 'after', isLookUp: false },
);

const auditFilters: readonly Ask[] = [
  by('ServiceProvider', ({ ids }) => ({ filter: { serviceProviderId: ids.ServiceProvider } }), {
    by: 'filter.serviceProviderId',
  }),
  by('Organization', ({ ids }) => ({ filter: { organizationId: ids.Organization } }), { by: 'filter.organizationId' }),
  // Whoever acted upon an organization is named in its trail.
  by('ProviderStaff', ({ ids }) => ({ filter: { actorId: ids.ProviderStaff } }), {
    by: 'filter.actorId',
    level: 'FACE',
  }),
];

/** Providers, organizations, groups of them, subscriptions, and the trail of all that. */
export const fleetDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Query.node': reads(...things.map((thing) => id(thing))),
  'Query.organization': reads(id('Organization')),
  'Query.organizations': reads(...organizationFilters),
  'Query.serviceProvider': reads(id('ServiceProvider')),
  'Query.serviceProviders': reads(providerCursor),
  // It names nothing, it counts: fleet-summary.test.ts says that it counts nothing out of sight.
  'Query.fleetSummary': reads(
    by('ServiceProvider', ({ ids }) => ({ serviceProviderId: ids.ServiceProvider }), {
      by: 'serviceProviderId',
      isLookUp: false,
    }),
  ),
  'Query.organizationGroups': reads(id('ServiceProvider', 'serviceProviderId')),
  'Query.auditEvents': reads(...auditFilters),
  'ServiceProvider.organizations': reads(parentProvider, ...organizationFilters),
  'ServiceProvider.resellers': reads(parentProvider, providerCursor),
  'OrganizationGroup.organizations': reads(
    by('OrganizationGroup', ({ ids }) => ({ node: ids.OrganizationGroup }), { by: 'parent' }),
  ),
  'Mutation.createServiceProvider': commands(
    'provider:manage',
    input('ServiceProvider', 'parentId', () => ({ name: newName() })),
  ),
  'Mutation.createOrganization': commands(
    'organization:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName() })),
  ),
  'Mutation.applySubscription': commands('subscription:manage', slot({ plan: 'Other', endsAt: IN_A_YEAR })),
  'Mutation.renewSubscription': commands('subscription:manage', slot({ endsAt: IN_A_YEAR })),
  'Mutation.cancelSubscription': commands('subscription:manage', slot()),
  'Mutation.createOrganizationGroup': commands(
    'organization:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName(), organizationIds: [] })),
    organizationsFor(() => ({ name: newName() })),
    by(
      'ServiceProvider',
      ({ ids }, own) => {
        const filter = { serviceProviderId: ids.ServiceProvider };
        return { input: { name: newName(), serviceProviderId: own.ids.ServiceProvider, filter } };
      },
      { by: 'input.filter.serviceProviderId', isOfOwn: true },
    ),
  ),
  'Mutation.updateOrganizationGroup': commands(
    'organization:manage',
    input('OrganizationGroup', 'organizationGroupId', () => ({ name: newName() })),
    by(
      'Organization',
      ({ ids }, own) => ({
        input: { organizationGroupId: own.ids.OrganizationGroup, addOrganizationIds: [ids.Organization] },
      }),
      { by: 'input.addOrganizationIds', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Mutation.deleteOrganizationGroup': removes('organization:manage', input('OrganizationGroup', 'organizationGroupId')),
};
