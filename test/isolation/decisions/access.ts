import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { type Ask, by, commands, type Decision, id, input, reads, removes, unnamed } from '../decision.ts';
import type { Coordinate } from '../schema-fields.ts';
import type { Target } from '../things.ts';
import { IN_HALF_A_YEAR, newName, organizationsFor } from './asks.ts';

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

const lent = { granteeServiceProviderId: SOMEBODY_ELSE, role: 'PROVIDER_VIEWER', expiresAt: IN_HALF_A_YEAR };
const newPerson = () => ({ username: `${newName().replace(' ', '.')}@keyward.test`, displayName: 'Somebody new' });

const issuer = () => ({
  ...{ name: newName(), issuer: 'https://127.0.0.1:1', audience: 'keyward', roleClaim: 'groups' },
  roleMapping: [{ value: 'viewers', role: 'PROVIDER_VIEWER' }],
});

/** Who may act: people, roles, service accounts, identity providers, delegations. */
export const accessDecisions: Readonly<Record<Coordinate, Decision>> = {
  'Query.viewer': unnamed(),
  'Query.staffMembers': reads(...staffFilters),
  'Mutation.createStaffMember': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ ...newPerson(), role: 'PROVIDER_VIEWER' })),
    input('Organization', 'organizationId', () => ({ ...newPerson(), role: 'ORG_VIEWER' })),
    customRole((own) => ({ ...newPerson(), serviceProviderId: own.ids.ServiceProvider })),
  ),
  'Mutation.updateStaffMember': commands(
    'staff:manage',
    ...staff({ displayName: 'Somebody else' }),
    customRole((own) => ({ staffMemberId: own.ids.OrganizationStaff })),
  ),
  'Mutation.deactivateStaffMember': commands('staff:manage', ...staff()),
  'Mutation.reactivateStaffMember': commands('staff:manage', ...staff()),
  'Mutation.removeStaffMember': removes('staff:manage', ...staff()),
  'Mutation.endStaffSessions': commands('staff:manage', ...staff()),
  'Mutation.resetStaffPassword': commands('staff:manage', ...staff()),
  'Mutation.changePassword': unnamed({
    input: { currentPassword: 'not theirs at all', newPassword: 'nor is this one' },
  }),
  'Query.roles': reads(id('ServiceProvider', 'serviceProviderId'), id('Organization', 'organizationId')),
  'Mutation.createCustomRole': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName(), permissions: ['apiKey:view'] })),
  ),
  'Mutation.updateCustomRole': commands(
    'staff:manage',
    input('CustomRole', 'customRoleId', () => ({ name: newName() })),
  ),
  'Mutation.deleteCustomRole': removes('staff:manage', input('CustomRole', 'customRoleId')),
  'Query.serviceAccounts': reads(...placeFilters),
  'Mutation.createServiceAccount': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', () => ({ name: newName(), permissions: ['apiKey:view'] })),
    input('Organization', 'organizationId', () => ({ name: newName(), permissions: ['apiKey:view'] })),
  ),
  'Mutation.addServiceAccountSecret': commands('staff:manage', ...accounts),
  'Mutation.revokeServiceAccount': removes('staff:manage', ...accounts),
  'Mutation.revokeServiceAccountSecret': removes(
    'staff:manage',
    input('ProviderAccountSecret', 'secretId'),
    input('OrganizationAccountSecret', 'secretId'),
  ),
  'Query.trustedIssuers': reads(id('ServiceProvider', 'serviceProviderId')),
  'Mutation.createTrustedIssuer': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', issuer),
    by('CustomRole', (target, own) => ({
      input: { ...issuer(), serviceProviderId: own.ids.ServiceProvider, roleMapping: mappingTo(target) },
    })),
  ),
  'Mutation.updateTrustedIssuer': commands(
    'staff:manage',
    input('TrustedIssuer', 'trustedIssuerId', () => ({ name: newName() })),
    by('CustomRole', (target, own) => ({
      input: { trustedIssuerId: own.ids.TrustedIssuer, roleMapping: mappingTo(target) },
    })),
  ),
  'Mutation.deleteTrustedIssuer': removes('staff:manage', input('TrustedIssuer', 'trustedIssuerId')),
  'Query.delegations': unnamed(),
  'Mutation.grantDelegation': commands(
    'staff:manage',
    input('ServiceProvider', 'serviceProviderId', ({ ids }) => ({ ...lent, organizationIds: [ids.Organization] })),
    organizationsFor(() => lent),
  ),
  'Mutation.acceptDelegation': commands('staff:manage', input('Delegation', 'delegationId')),
  'Mutation.endDelegation': commands('staff:manage', input('Delegation', 'delegationId')),
};
