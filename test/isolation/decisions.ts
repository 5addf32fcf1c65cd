import { decodeGlobalId } from '../../src/graphql/global-id.ts';
import { encodeCursor } from '../../src/page.ts';
import { fold } from '../../src/text.ts';
import { type Ask, by, commands, type Decision, id, input, reads, unnamed } from './decision.ts';
import type { Coordinate } from './schema-fields.ts';
import { type Target, things } from './things.ts';

const IN_A_YEAR = new Date(Date.now() + 400 * 24 * 3600 * 1000).toISOString();
const newName = () => `New ${Math.random().toString(36).slice(2)}`;

/** A position in a list by name, at an entry that the caller may not see. */
function cursorAt(name: string, globalId: string): string {
  return encodeCursor('NAME_ASC', { value: fold(name), id: decodeGlobalId(globalId)?.id ?? '' });
}

const organizationFilters: readonly Ask[] = [
  by('Organization', ({ ids }) => ({ filter: { ids: [ids.Organization] } }), { by: 'filter.ids' }),
  by('Organization', ({ words }) => ({ filter: { search: words.organizationName } }), { by: 'filter.search' }),
  by('Organization', ({ words }) => ({ filter: { fingerprint: words.fingerprint } }), { by: 'filter.fingerprint' }),
  by('ServiceProvider', ({ ids }) => ({ filter: { serviceProviderId: ids.ServiceProvider } }), {
    by: 'filter.serviceProviderId',
  }),
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
  by('Organization', ({ ids }) => ({ filter: { organizationId: ids.Organization } }), { by: 'filter.organizationId' }),
  by('ProviderStaff', ({ ids }) => ({ filter: { actorId: ids.ProviderStaff } }), { by: 'filter.actorId' }),
];

const slot = (more: Record<string, unknown> = {}) => input('Organization', 'organizationId', more);

/**
 * What the matrix does with each query, each mutation, and each field that takes arguments. A field that is not here, and
 * an entry without a field, fail `schema.test.ts`.
 */
export const decisions: Readonly<Record<Coordinate, Decision>> = {
  'Query.auditEvents': reads(...auditFilters),
  'Query.node': reads(...things.map((thing) => id(thing))),
  'Query.organization': reads(id('Organization')),
  'Query.organizations': reads(...organizationFilters),
  'Query.serviceProvider': reads(id('ServiceProvider')),
  'Query.serviceProviders': reads(providerCursor),
  'Query.viewer': unnamed(),

  'Organization.apiKey': reads(
    by('Organization', ({ ids }: Target) => ({ node: ids.Organization, kind: 'SANDBOX_SUBMISSION' })),
  ),
  'ServiceProvider.organizations': reads(
    by('ServiceProvider', ({ ids }) => ({ node: ids.ServiceProvider }), { by: 'parent' }),
    ...organizationFilters,
  ),
  'ServiceProvider.resellers': reads(
    by('ServiceProvider', ({ ids }) => ({ node: ids.ServiceProvider }), { by: 'parent' }),
    providerCursor,
  ),

  'Mutation.addApiKey': commands('apiKey:manage', slot()),
  'Mutation.applySubscription': commands('subscription:manage', slot({ plan: 'Other', endsAt: IN_A_YEAR })),
  'Mutation.cancelSubscription': commands('subscription:manage', slot()),
  'Mutation.createOrganization': commands(
    'organization:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName() })),
  ),
  'Mutation.createServiceProvider': commands(
    'provider:manage',
    input('ServiceProvider', 'parentId', () => ({ name: newName() })),
  ),
  'Mutation.deleteApiKey': commands('apiKey:manage', slot()),
  'Mutation.disableApiKey': commands('apiKey:enable', slot({ reason: 'SECURITY_INCIDENT' })),
  'Mutation.editApiKey': commands('apiKey:manage', slot({ newKey: 'abcDEF123456' })),
  'Mutation.enableApiKey': commands('apiKey:enable', slot({ note: 'as agreed' })),
  'Mutation.regenerateApiKey': commands('apiKey:manage', slot()),
  'Mutation.renewSubscription': commands('subscription:manage', slot({ endsAt: IN_A_YEAR })),
  'Mutation.revealApiKey': commands('apiKey:reveal', slot()),
};
