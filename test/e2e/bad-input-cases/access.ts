import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { uniqueName } from '../../support/fixtures.ts';
import { organizationId, providerId } from '../../support/graphql-world.ts';
import { trust, uniqueAudience } from '../../support/single-sign-on-world.ts';
import { atReseller, BLANK, type Case, type Input, inYears, make, type Setting } from './setting.ts';

/** A password may be made of anything that is text. */
const CONTROL_CHARACTER = /^no plain text ".*\\u0007/;

/** One's own: everybody may end the sessions that they have themselves. */
const OWN_ID = /^id "bQAAAA/;

const SPACE = /^text " "$/;

/** Nothing is looked up: who does not see a provider is not told whether there is one. */
const ANY_PROVIDER = /^id "cA/;

const PASSWORD = 'nine blue herons wade';

const newcomer = (setting: Setting) => ({
  ...atReseller(setting),
  username: `${uniqueName('newcomer').replace(' ', '.')}@keyward.test`,
  displayName: 'Newcomer',
  role: 'PROVIDER_VIEWER',
});

async function staffMember(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  return { staffMemberId: await make(client, 'createStaffMember', newcomer(setting), 'staffMember.id') };
}

const newRole = (setting: Setting) => ({
  ...atReseller(setting),
  name: uniqueName('Role'),
  permissions: ['apiKey:view'],
});

async function customRole(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  return { customRoleId: await make(client, 'createCustomRole', newRole(setting), 'customRole.id') };
}

async function serviceAccount(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const id = await make(client, 'createServiceAccount', newRole(setting), 'serviceAccount.id');
  return { serviceAccountId: id };
}

async function trustedIssuer({ world, issuer }: Setting): Promise<Input> {
  const idp = { issuer } as Parameters<typeof trust>[1]; // nothing else of it is asked
  const { rootProviderId, trustedIssuerId } = await trust(world, idp);
  return { trustedIssuerId: encodeGlobalId('TrustedIssuer', rootProviderId, trustedIssuerId) };
}

const mapping = { roleClaim: 'roles', roleMapping: [{ value: 'admins', role: 'PROVIDER_VIEWER' }] };

const grant = ({ world }: Setting) => ({
  serviceProviderId: providerId(world.tenants.reseller),
  granteeServiceProviderId: providerId(world.tenants.foreignRoot),
  organizationIds: [organizationId(world.organization)],
  role: 'PROVIDER_SUPPORT',
  expiresAt: inYears(1),
  note: 'as agreed',
});

/** The other way round: granted to the reseller. */
async function received(setting: Setting): Promise<Input> {
  const { world, signIn } = setting;
  const foreign = { serviceProviderId: providerId(world.tenants.foreignRoot) };
  const foreignAdmin = await signIn('foreignAdmin');
  const organization = { ...foreign, name: uniqueName('Organization') };
  const input = {
    ...grant(setting),
    ...foreign,
    granteeServiceProviderId: providerId(world.tenants.reseller),
    organizationIds: [await make(foreignAdmin, 'createOrganization', organization, 'organization.id')],
  };
  return { delegationId: await make(foreignAdmin, 'grantDelegation', input, 'delegation.id') };
}

export const accessCases: Readonly<Record<string, Case>> = {
  createStaffMember: {
    input: (setting) => ({ ...newcomer(setting), password: PASSWORD }),
    taken: { password: CONTROL_CHARACTER },
  },
  updateStaffMember: {
    input: async (setting) => ({ ...(await staffMember(setting)), displayName: 'Other', role: 'PROVIDER_SUPPORT' }),
  },
  deactivateStaffMember: { input: staffMember },
  reactivateStaffMember: {
    input: async (setting) => {
      const input = await staffMember(setting);
      const document =
        'mutation ($input: StaffMemberInput!) { deactivateStaffMember(input: $input) { userErrors { code } } }';
      await (await setting.signIn('providerAdmin')).query(document, { input });
      return input;
    },
  },
  removeStaffMember: { input: staffMember },
  endStaffSessions: { input: staffMember, taken: { staffMemberId: OWN_ID } },
  resetStaffPassword: {
    input: async (setting) => ({ ...(await staffMember(setting)), password: PASSWORD }),
    taken: { password: CONTROL_CHARACTER },
  },
  changePassword: {
    // Of earlier tests, with passwords that were wrong.
    arrange: async ({ keyward }) => void (await keyward.database.query('delete from rate_limit')),
    input: ({ world }) => ({ currentPassword: world.people.providerAdmin.password, newPassword: PASSWORD }),
    taken: { newPassword: CONTROL_CHARACTER },
  },
  createCustomRole: { input: newRole },
  updateCustomRole: {
    input: async (setting) => ({ ...(await customRole(setting)), name: 'Other', permissions: ['audit:view'] }),
  },
  deleteCustomRole: { input: customRole },
  createServiceAccount: { input: newRole },
  addServiceAccountSecret: { input: serviceAccount },
  revokeServiceAccount: { input: serviceAccount },
  revokeServiceAccountSecret: {
    input: async (setting) => {
      const { serviceAccountId: id } = await serviceAccount(setting);
      const document = 'query ($id: ID!) { node(id: $id) { ... on ServiceAccount { secrets { id } } } }';
      const answer = await (await setting.signIn('providerAdmin')).query(document, { id });
      return { secretId: answer.at('node.secrets.0.id') };
    },
  },
  createTrustedIssuer: {
    input: (setting) => ({
      ...atReseller(setting),
      ...mapping,
      name: 'Company login',
      issuer: setting.issuer,
      audience: uniqueAudience(),
      clientId: 'keyward',
      clientSecret: 'a secret of the client',
      domains: ['corp.example'],
    }),
    taken: { clientSecret: SPACE },
  },
  updateTrustedIssuer: {
    input: async (setting) => ({
      ...(await trustedIssuer(setting)),
      ...mapping,
      name: 'Other',
      clientId: 'keyward',
      clientSecret: 'another secret',
      domains: ['corp.example'],
      isEnabled: false,
    }),
    taken: { clientSecret: SPACE },
  },
  deleteTrustedIssuer: { input: trustedIssuer },
  grantDelegation: { input: grant, taken: { granteeServiceProviderId: ANY_PROVIDER, note: BLANK } },
  acceptDelegation: { input: received },
  endDelegation: {
    input: async (setting) => ({ ...(await received(setting)), note: 'enough' }),
    taken: { note: BLANK },
  },
};
