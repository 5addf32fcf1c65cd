import { decodeGlobalId, encodeGlobalId } from '../../src/graphql/global-id.ts';
import { NIL_ID } from '../../src/ids.ts';
import { encodeCursor } from '../../src/page.ts';
import { fold } from '../../src/text.ts';
import { type Ask, by, commands, type Decision, id, input, reads, removes, unnamed } from './decision.ts';
import type { Coordinate } from './schema-fields.ts';
import { type Target, things } from './things.ts';

const IN_HALF_A_YEAR = new Date(Date.now() + 180 * 24 * 3600 * 1000).toISOString();
const IN_A_YEAR = new Date(Date.now() + 400 * 24 * 3600 * 1000).toISOString();
const A_YEAR_AGO = new Date(Date.now() - 365 * 24 * 3600 * 1000).toISOString();
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

const parentProvider = by('ServiceProvider', ({ ids }) => ({ node: ids.ServiceProvider }), { by: 'parent' });

/** A position in the list of groups, at a string that the caller may not see. */
const groupCursor = by(
  'Organization',
  ({ words }) => {
    const position = { value: `1 ${words.fingerprint}`, id: NIL_ID };
    return { after: encodeCursor('ORGANIZATION_COUNT_DESC', position), minimumCount: 1 };
  },
  { by: 'after', isLookUp: false },
);

const auditFilters: readonly Ask[] = [
  by('Organization', ({ ids }) => ({ filter: { organizationId: ids.Organization } }), { by: 'filter.organizationId' }),
  // Whoever acted upon an organization is named in its trail.
  by('ProviderStaff', ({ ids }) => ({ filter: { actorId: ids.ProviderStaff } }), {
    by: 'filter.actorId',
    level: 'FACE',
  }),
];

const slot = (more: Record<string, unknown> = {}) => input('Organization', 'organizationId', more);

const placeFilters: readonly Ask[] = [
  by('ServiceProvider', ({ ids }) => ({ filter: { serviceProviderId: ids.ServiceProvider } }), {
    by: 'filter.serviceProviderId',
  }),
  by('Organization', ({ ids }) => ({ filter: { organizationId: ids.Organization } }), { by: 'filter.organizationId' }),
];

const staffFilters: readonly Ask[] = [
  ...placeFilters,
  by('ProviderStaff', ({ words }) => ({ filter: { search: words.providerUsername } }), { by: 'filter.search' }),
  by('OrganizationStaff', ({ words }) => ({ filter: { search: words.organizationUsername } }), { by: 'filter.search' }),
];

/** Somebody at a provider, and somebody in an organization. */
const staff = (more: Record<string, unknown> = {}): Ask[] => [
  input('ProviderStaff', 'staffMemberId', more),
  input('OrganizationStaff', 'staffMemberId', more),
];
const accounts = [input('ProviderAccount', 'serviceAccountId'), input('OrganizationAccount', 'serviceAccountId')];

/** A role of another tenant's, for one's own. */
const customRole = (more: (own: Target) => Record<string, unknown>): Ask =>
  input('CustomRole', 'customRoleId', (_, own) => more(own));
const mappingTo = (target: Target) => [{ value: 'operators', customRoleId: target.ids.CustomRole }];

const SOMEBODY_ELSE = encodeGlobalId(
  'ServiceProvider',
  '0'.repeat(8) + '-0000-7000-8000-000000000001',
  '0'.repeat(8) + '-0000-7000-8000-000000000001',
);
const idIn = (globalId: string) => decodeGlobalId(globalId)?.id ?? '';

/**
 * A command over many organizations. An id out of sight is refused on its own, and told again as it was given: here it is
 * asked that a filter does not find it.
 */
const many = (more: Record<string, unknown>): Ask[] => {
  const of = (filter: Record<string, unknown>) => ({ input: { filter, dryRun: true, ...more } });
  return [
    by('Organization', ({ ids }) => of({ ids: [ids.Organization] }), { by: 'input.filter.ids' }),
    by('OrganizationGroup', ({ ids }) => of({ groupId: ids.OrganizationGroup }), { by: 'input.filter.groupId' }),
    by('ServiceProvider', ({ ids }) => of({ serviceProviderId: ids.ServiceProvider }), {
      by: 'input.filter.serviceProviderId',
    }),
  ];
};
const lent = { granteeServiceProviderId: SOMEBODY_ELSE, role: 'PROVIDER_VIEWER', expiresAt: IN_HALF_A_YEAR };
const newPerson = () => ({ username: `${newName().replace(' ', '.')}@keyward.test`, displayName: 'Somebody new' });
const issuer = () => ({
  ...{ name: newName(), issuer: 'https://127.0.0.1:1', audience: 'keyward', roleClaim: 'groups' },
  roleMapping: [{ value: 'viewers', role: 'PROVIDER_VIEWER' }],
});

const authorizationServer = () => ({
  ...{ name: newName(), issuer: 'https://login.example.com', audience: 'api' },
  jwksUrl: 'https://127.0.0.1:1/jwks',
});
const endpoint = (more: Record<string, unknown> = {}) => input('WebhookEndpoint', 'webhookEndpointId', more);
const recipient = (more: Record<string, unknown> = {}) => input('MailRecipient', 'mailRecipientId', more);
const newRecipient = () => ({ address: 'on-call@example.com', events: ['api_key.added'] });
const newPolicy = () => ({ name: newName(), maximumAgeDays: 90, mode: 'NOTIFY' });
const newEndpoint = () => ({ name: newName(), url: 'https://hooks.example.com/keyward', events: ['api_key.added'] });

/**
 * What the matrix does with each query, each mutation, and each field that takes arguments. A field that is not here, and
 * an entry without a field, fail `schema.test.ts`.
 */
export const decisions: Readonly<Record<Coordinate, Decision>> = {
  'Query.bulkOperation': reads(id('BulkOperation')),
  'Stream.bulkOperation': reads(id('BulkOperation')),
  'Stream.events': reads(by('Organization', ({ ids }) => ({ organizationId: ids.Organization, last: 100 }))),
  'Query.bulkOperations': reads(
    by(
      'BulkOperation',
      ({ ids }) => ({ after: encodeCursor('CREATED_AT_DESC', { value: IN_A_YEAR, id: idIn(ids.BulkOperation) }) }),
      { by: 'after', isLookUp: false },
    ),
    by(
      'BulkOperation',
      ({ ids }) => {
        const after = encodeCursor('CREATED_AT_DESC', { value: IN_A_YEAR, id: idIn(ids.BulkOperation) });
        return { after, awaitingMyApproval: true };
      },
      { by: 'after, awaitingMyApproval', isLookUp: false },
    ),
  ),
  'BulkOperation.results': reads(
    by('BulkOperation', ({ ids }) => ({ node: ids.BulkOperation }), { by: 'parent' }),
    by(
      'BulkOperation',
      ({ ids }, own) => ({
        node: own.ids.BulkOperation,
        after: encodeCursor('POSITION', { value: '0', id: idIn(ids.BulkOperation) }),
      }),
      { by: 'after', isLookUp: false },
    ),
  ),
  'Query.apiKeyDrift': reads(id('ServiceProvider', 'serviceProviderId')),
  'Query.apiKeyGroups': reads(
    by('ServiceProvider', ({ ids }) => ({ serviceProviderId: ids.ServiceProvider, minimumCount: 1 })),
    groupCursor,
  ),
  'Query.auditEvents': reads(...auditFilters),
  'Query.delegations': unnamed(),
  // It names nothing, it counts: fleet-summary.test.ts says that it counts nothing out of sight.
  'Query.fleetSummary': reads(
    by('ServiceProvider', ({ ids }) => ({ serviceProviderId: ids.ServiceProvider }), {
      by: 'serviceProviderId',
      isLookUp: false,
    }),
  ),
  'Query.node': reads(...things.map((thing) => id(thing))),
  'Query.organization': reads(id('Organization')),
  'Query.organizationGroups': reads(id('ServiceProvider', 'serviceProviderId')),
  'Query.organizations': reads(...organizationFilters),
  'Query.roles': reads(id('ServiceProvider', 'serviceProviderId'), id('Organization', 'organizationId')),
  'Query.serviceAccounts': reads(...placeFilters),
  'Query.serviceProvider': reads(id('ServiceProvider')),
  'Query.serviceProviders': reads(providerCursor),
  'Query.staffMembers': reads(...staffFilters),
  'Query.trustedIssuers': unnamed(),
  'Query.viewer': unnamed(),
  'Query.eventTypes': unnamed(),
  'Query.webhookEndpoints': unnamed(),
  'Query.rotationPolicies': reads(
    id('ServiceProvider', 'serviceProviderId'),
    by(
      'RotationPolicy',
      ({ ids }) => ({ after: encodeCursor('CREATED_AT_ASC', { value: A_YEAR_AGO, id: idIn(ids.RotationPolicy) }) }),
      { by: 'after', isLookUp: false },
    ),
  ),
  'Query.mailRecipients': unnamed(),
  'Query.mailSender': unnamed(),

  'ApiKeyDrift.organizations': reads(parentProvider),
  'ApiKeyGroup.organizations': reads(parentProvider),
  'ApiKeyUsage.history': reads(
    by('ApiKey', ({ ids }) => ({ node: ids.ApiKey, since: A_YEAR_AGO, granularity: 'DAY' }), { by: 'parent' }),
  ),
  'Organization.apiKey': reads(
    by('Organization', ({ ids }: Target) => ({ node: ids.Organization, kind: 'SANDBOX_SUBMISSION' })),
  ),
  'Organization.apiSessions': reads(
    by('Organization', ({ ids }) => ({ node: ids.Organization }), { by: 'parent' }),
    by(
      'ApiSession',
      ({ ids }, own) => ({
        node: own.ids.Organization,
        after: encodeCursor('CREATED_AT_DESC', { value: IN_A_YEAR, id: idIn(ids.ApiSession) }),
      }),
      { by: 'after', isLookUp: false },
    ),
  ),
  'OrganizationGroup.organizations': reads(
    by('OrganizationGroup', ({ ids }) => ({ node: ids.OrganizationGroup }), { by: 'parent' }),
  ),
  'WebhookEndpoint.deliveries': reads(
    by('WebhookEndpoint', ({ ids }) => ({ node: ids.WebhookEndpoint }), { by: 'parent' }),
  ),
  'ServiceProvider.organizations': reads(parentProvider, ...organizationFilters),
  'ServiceProvider.resellers': reads(parentProvider, providerCursor),

  'Mutation.acceptDelegation': commands('staff:manage', input('Delegation', 'delegationId')),
  'Mutation.addApiKey': commands('apiKey:manage', slot()),
  'Mutation.addServiceAccountSecret': commands('staff:manage', ...accounts),
  'Mutation.applySubscription': commands('subscription:manage', slot({ plan: 'Other', endsAt: IN_A_YEAR })),
  'Mutation.approveBulkOperation': commands(
    'apiKey:sync',
    input('BulkOperation', 'bulkOperationId', { note: 'as agreed' }),
  ),
  'Mutation.cancelBulkOperation': commands('apiKey:sync', id('BulkOperation')),
  'Mutation.cancelSubscription': commands('subscription:manage', slot()),
  'Mutation.changePassword': unnamed({
    input: { currentPassword: 'not theirs at all', newPassword: 'nor is this one' },
  }),
  'Mutation.createAuthorizationServer': commands(
    'apiKey:manage',
    input('Organization', 'organizationId', authorizationServer),
  ),
  'Mutation.createCustomRole': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName(), permissions: ['apiKey:view'] })),
  ),
  'Mutation.createOrganization': commands(
    'organization:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName() })),
  ),
  'Mutation.createOrganizationGroup': commands(
    'organization:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName(), organizationIds: [] })),
    by(
      'Organization',
      ({ ids }, own) => {
        const { ServiceProvider: serviceProviderId } = own.ids;
        return { input: { name: newName(), serviceProviderId, organizationIds: [ids.Organization] } };
      },
      { by: 'input.organizationIds', isOfOwn: true },
    ),
    by(
      'ServiceProvider',
      ({ ids }, own) => {
        const filter = { serviceProviderId: ids.ServiceProvider };
        return { input: { name: newName(), serviceProviderId: own.ids.ServiceProvider, filter } };
      },
      { by: 'input.filter.serviceProviderId', isOfOwn: true },
    ),
  ),
  'Mutation.createServiceAccount': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName(), permissions: ['apiKey:view'] })),
    input('Organization', 'organizationId', () => ({ name: newName(), permissions: ['apiKey:view'] })),
  ),
  'Mutation.createServiceProvider': commands(
    'provider:manage',
    input('ServiceProvider', 'parentId', () => ({ name: newName() })),
  ),
  'Mutation.createStaffMember': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ ...newPerson(), role: 'PROVIDER_VIEWER' })),
    input('Organization', 'organizationId', () => ({ ...newPerson(), role: 'ORG_VIEWER' })),
    customRole((own) => ({ ...newPerson(), serviceProviderId: own.ids.ServiceProvider })),
  ),
  'Mutation.createTrustedIssuer': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', issuer),
    by('CustomRole', (target, own) => ({
      input: { ...issuer(), serviceProviderId: own.ids.ServiceProvider, roleMapping: mappingTo(target) },
    })),
  ),
  'Mutation.deactivateStaffMember': commands('staff:manage', ...staff()),
  'Mutation.deleteApiKey': commands('apiKey:manage', slot()),
  'Mutation.deleteAuthorizationServer': removes('apiKey:manage', input('AuthorizationServer', 'authorizationServerId')),
  'Mutation.deleteCustomRole': removes('staff:manage', input('CustomRole', 'customRoleId')),
  'Mutation.deleteOrganizationGroup': removes('organization:manage', input('OrganizationGroup', 'organizationGroupId')),
  'Mutation.deleteTrustedIssuer': removes('staff:manage', input('TrustedIssuer', 'trustedIssuerId')),
  'Mutation.disableApiKey': commands('apiKey:enable', slot({ reason: 'SECURITY_INCIDENT' })),
  'Mutation.disableAuthorizationServer': commands(
    'apiKey:manage',
    input('AuthorizationServer', 'authorizationServerId'),
  ),
  'Mutation.editApiKey': commands('apiKey:manage', slot({ newKey: 'abcDEF123456' })),
  'Mutation.enableApiKey': commands('apiKey:enable', slot({ note: 'as agreed' })),
  'Mutation.enableAuthorizationServer': commands(
    'apiKey:manage',
    input('AuthorizationServer', 'authorizationServerId'),
  ),
  'Mutation.endApiSession': removes('apiKey:manage', input('ApiSession', 'apiSessionId')),
  'Mutation.endApiSessions': removes('apiKey:manage', input('Organization', 'organizationId')),
  'Mutation.disableApiKeys': reads(...many({ reason: 'SECURITY_INCIDENT' })),
  'Mutation.enableApiKeys': reads(...many({ note: 'as agreed' })),
  'Mutation.endDelegation': commands('staff:manage', input('Delegation', 'delegationId')),
  'Mutation.endStaffSessions': commands('staff:manage', ...staff()),
  'Mutation.grantDelegation': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', ({ ids }) => ({ ...lent, organizationIds: [ids.Organization] })),
    by(
      'Organization',
      ({ ids }, own) => ({
        input: { ...lent, serviceProviderId: own.ids.ServiceProvider, organizationIds: [ids.Organization] },
      }),
      { by: 'input.organizationIds', isOfOwn: true },
    ),
  ),
  'Mutation.reactivateStaffMember': commands('staff:manage', ...staff()),
  'Mutation.regenerateApiKey': commands('apiKey:manage', slot()),
  'Mutation.rejectBulkOperation': commands(
    'apiKey:sync',
    input('BulkOperation', 'bulkOperationId', { note: 'too many' }),
  ),
  'Mutation.regenerateApiKeys': reads(...many({})),
  'Mutation.removeStaffMember': removes('staff:manage', ...staff()),
  'Mutation.renewSubscription': commands('subscription:manage', slot({ endsAt: IN_A_YEAR })),
  'Mutation.renewSubscriptions': reads(...many({ endsAt: IN_A_YEAR })),
  'Mutation.resetStaffPassword': commands('staff:manage', ...staff()),
  'Mutation.revealApiKey': commands('apiKey:reveal', slot()),
  'Mutation.revokeServiceAccount': removes('staff:manage', ...accounts),
  'Mutation.revokeServiceAccountSecret': removes(
    'staff:manage',
    input('ProviderAccountSecret', 'secretId'),
    input('OrganizationAccountSecret', 'secretId'),
  ),
  'Mutation.setApprovalAbove': commands(
    'provider:manage',
    input('ServiceProvider', 'serviceProviderId', { approvalAbove: 100 }),
  ),
  'Mutation.syncApiKey': reads(
    ...many({ newKey: 'abcDEF123456' }),
    by(
      'Organization',
      ({ ids }, own) => ({
        input: { organizationIds: [own.ids.Organization], newKeyFrom: ids.Organization, dryRun: true },
      }),
      { by: 'input.newKeyFrom' },
    ),
  ),
  'Mutation.updateAuthorizationServer': commands(
    'apiKey:manage',
    input('AuthorizationServer', 'authorizationServerId', () => ({ name: newName() })),
  ),
  'Mutation.createWebhookEndpoint': commands(
    'webhook:manage',
    input('ServiceProvider', 'serviceProviderId', newEndpoint),
    by(
      'Organization',
      ({ ids }, own) => {
        const { ServiceProvider: serviceProviderId } = own.ids;
        return { input: { ...newEndpoint(), serviceProviderId, organizationIds: [ids.Organization] } };
      },
      { by: 'input.organizationIds', isOfOwn: true },
    ),
  ),
  'Mutation.createMailRecipient': commands(
    'webhook:manage',
    input('ServiceProvider', 'serviceProviderId', newRecipient),
    by(
      'Organization',
      ({ ids }, own) => {
        const { ServiceProvider: serviceProviderId } = own.ids;
        return { input: { ...newRecipient(), serviceProviderId, organizationIds: [ids.Organization] } };
      },
      { by: 'input.organizationIds', isOfOwn: true },
    ),
  ),
  'Mutation.deleteMailRecipient': removes('webhook:manage', recipient()),
  'Mutation.updateMailRecipient': commands(
    'webhook:manage',
    recipient({ digest: 'HOURLY' }),
    by(
      'Organization',
      ({ ids }, own) => ({ input: { mailRecipientId: own.ids.MailRecipient, organizationIds: [ids.Organization] } }),
      { by: 'input.organizationIds', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Mutation.createRotationPolicy': commands(
    'rotation:manage',
    input('ServiceProvider', 'serviceProviderId', newPolicy),
    input('OrganizationGroup', 'organizationGroupId', newPolicy),
    input('Organization', 'organizationId', newPolicy),
  ),
  'Mutation.deleteRotationPolicy': removes('rotation:manage', input('RotationPolicy', 'rotationPolicyId')),
  'Mutation.updateRotationPolicy': commands(
    'rotation:manage',
    input('RotationPolicy', 'rotationPolicyId', () => ({ name: newName() })),
  ),
  'Mutation.setOverlapAllowed': commands(
    'provider:manage',
    input('ServiceProvider', 'serviceProviderId', { overlapAllowedMinutes: 60 }),
  ),
  'Mutation.endKeyOverlap': commands('apiKey:manage', input('Organization', 'organizationId')),
  'Mutation.planRotation': reads(...many({ runAt: IN_HALF_A_YEAR })),
  'Mutation.cancelRotation': commands('apiKey:sync', id('BulkOperation')),
  'Mutation.deleteWebhookEndpoint': removes('webhook:manage', endpoint()),
  'Mutation.replayWebhookEvents': commands(
    'webhook:manage',
    endpoint({ since: new Date(0).toISOString() }),
    by(
      'AuditEvent',
      ({ ids }, own) => ({ input: { webhookEndpointId: own.ids.WebhookEndpoint, eventId: ids.AuditEvent } }),
      { by: 'input.eventId', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Mutation.rotateWebhookSecret': commands('webhook:manage', endpoint()),
  'Mutation.testWebhookEndpoint': commands('webhook:manage', endpoint()),
  'Mutation.updateWebhookEndpoint': commands(
    'webhook:manage',
    endpoint({ name: 'Other' }),
    by(
      'Organization',
      ({ ids }, own) => ({
        input: { webhookEndpointId: own.ids.WebhookEndpoint, organizationIds: [ids.Organization] },
      }),
      { by: 'input.organizationIds', level: 'PROVIDER', isOfOwn: true },
    ),
  ),
  'Mutation.updateCustomRole': commands(
    'staff:manage',
    input('CustomRole', 'customRoleId', () => ({ name: newName() })),
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
  'Mutation.updateStaffMember': commands(
    'staff:manage',
    ...staff({ displayName: 'Somebody else' }),
    customRole((own) => ({ staffMemberId: own.ids.OrganizationStaff })),
  ),
  'Mutation.updateTrustedIssuer': commands(
    'staff:manage',
    input('TrustedIssuer', 'trustedIssuerId', () => ({ name: newName() })),
    by('CustomRole', (target, own) => ({
      input: { trustedIssuerId: own.ids.TrustedIssuer, roleMapping: mappingTo(target) },
    })),
  ),
};
