import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { startWaiting } from '../support/approvals.ts';
import { placeOf, uniqueName } from '../support/fixtures.ts';
import type { Client } from '../support/graphql-client.ts';
import { organizationId, providerId } from '../support/graphql-world.ts';
import { disableByProvider, emptySlot, endSubscription } from '../support/key-states.ts';
import type { KeyWorld, Person } from '../support/key-world.ts';
import { rotateWithOverlap } from '../support/rotation-policies.ts';
import { trust, uniqueAudience } from '../support/single-sign-on-world.ts';
import { insertApiSession } from '../support/tenant-rows.ts';

export interface Setting {
  readonly world: KeyWorld;
  readonly signIn: (person: Person) => Promise<Client>;
  /** Of an identity provider that answers. */
  readonly issuer: string;
}

type Input = Readonly<Record<string, unknown>>;

export interface Case {
  /** Input of the reseller's administrator that is right in every field; a test spoils one of them. */
  readonly input: (setting: Setting) => Input | Promise<Input>;
  /** Brings the tenants where the right input would succeed. */
  readonly arrange?: (world: KeyWorld) => Promise<void>;
  /** By field: names of bad values that this one takes all the same, because there is a meaning to them. */
  readonly taken?: Readonly<Record<string, RegExp>>;
}

const YEAR = 365 * 24 * 3600 * 1000;
const inYears = (years: number) => new Date(Date.now() + years * YEAR).toISOString();
const target = ({ world }: Setting) => ({ organizationId: organizationId(world.organization) });
const slot = (setting: Setting) => ({ ...target(setting), kind: 'CLOUD_SERVICE' });
const atReseller = ({ world }: Setting) => ({ serviceProviderId: providerId(world.tenants.reseller) });
/** A password may be made of anything that is text. */
const CONTROL_CHARACTER = /^no plain text ".*\\u0007/;
/** One's own: everybody may end the sessions that they have themselves. */
const OWN_ID = /^id "bQAAAA/;
const BLANK = /^text "(\\n| )?"$/;
const SPACE = /^text " "$/;
/** Nothing is looked up: who does not see a provider is not told whether there is one. */
const ANY_PROVIDER = /^id "cA/;
const PASSWORD = 'nine blue herons wade';

/** Sends a mutation that has to succeed. @returns what stands at `path` of its payload */
async function make(client: Client, name: string, input: Input, path: string): Promise<string> {
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  const selection = path
    .split('.')
    .reduceRight((inner, step) => `{ ${step} ${inner} }`, '')
    .slice(1, -1);
  const document = `mutation ($input: ${inputType}) { ${name}(input: $input) { ${selection} userErrors { code } } }`;
  const answer = await client.query(document, { input });
  const made = answer.at(`${name}.${path}`);
  if (typeof made !== 'string') throw new Error(`${name}: ${answer.text}`);
  return made;
}

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

async function apiSession({ world }: Setting): Promise<Input> {
  const { keyward, organization, people, tenants } = world;
  const { services, database } = keyward;
  const place = await placeOf(services, organization);
  const id = await insertApiSession(database, place, people.orgAdmin.member.id);
  return { apiSessionId: encodeGlobalId('ApiSession', tenants.root.rootProviderId, id) };
}

const newServer = (setting: Setting) => ({
  ...target(setting),
  name: 'Company login',
  issuer: setting.issuer,
  jwksUrl: `${setting.issuer}/jwks`,
  audience: 'https://api.example',
});

async function authorizationServer(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const id = await make(client, 'createAuthorizationServer', newServer(setting), 'authorizationServer.id');
  return { authorizationServerId: id };
}

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

/** What somebody else of the reseller started. */
async function waiting({ world }: Setting): Promise<Input> {
  const { rootProviderId, bulkOperationId } = await startWaiting(world, [world.organization]);
  return { bulkOperationId: encodeGlobalId('BulkOperation', rootProviderId, bulkOperationId) };
}

const fleet = ({ world }: Setting) => ({ organizationIds: [organizationId(world.organization)] });
/** What names nothing is refused on its own, in the results: the operation was started. */
const UNKNOWN_EACH = { organizationIds: /^wrong type \["Zq3/ };

const newGroup = (setting: Setting) => ({ ...atReseller(setting), ...fleet(setting), name: uniqueName('Group') });

async function group(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'organizationGroup.id';
  return { organizationGroupId: await make(client, 'createOrganizationGroup', newGroup(setting), path) };
}

const newEndpoint = (setting: Setting) => ({
  ...atReseller(setting),
  ...fleet(setting),
  name: uniqueName('Told'),
  url: 'https://hooks.example.com/keyward',
  events: ['api_key.added'],
});

async function endpoint(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'webhookEndpoint.id';
  return { webhookEndpointId: await make(client, 'createWebhookEndpoint', newEndpoint(setting), path) };
}

const newRecipient = (setting: Setting) => ({
  ...atReseller(setting),
  ...fleet(setting),
  address: 'on-call@example.com',
  events: ['api_key.added'],
  digest: 'HOURLY',
});

async function recipient(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'mailRecipient.id';
  return { mailRecipientId: await make(client, 'createMailRecipient', newRecipient(setting), path) };
}

const newPolicy = (setting: Setting) => ({
  ...atReseller(setting),
  name: uniqueName('Policy'),
  maximumAgeDays: 90,
  mode: 'NOTIFY',
  window: { days: ['SUNDAY'], fromHour: 1, toHour: 5, timeZone: 'Europe/Berlin' },
  noticeDays: [14, 7],
  sharedString: true,
  overlapMinutes: 0,
  overlapGraceMinutes: 15,
});

async function policy(setting: Setting): Promise<Input> {
  const client = await setting.signIn('providerAdmin');
  const path = 'rotationPolicy.id';
  return { rotationPolicyId: await make(client, 'createRotationPolicy', newPolicy(setting), path) };
}

const beginOverlap = async (world: KeyWorld) => {
  await rotateWithOverlap(world);
};

const mapping = { roleClaim: 'roles', roleMapping: [{ value: 'admins', role: 'PROVIDER_VIEWER' }] };

export const cases: Readonly<Record<string, Case>> = {
  createServiceProvider: {
    input: ({ world }) => ({ name: 'A', parentId: providerId(world.tenants.reseller), baseUrl: 'https://a.example' }),
  },
  approveBulkOperation: {
    input: async (setting) => ({ ...(await waiting(setting)), note: 'why' }),
    taken: { note: BLANK },
  },
  rejectBulkOperation: { input: async (setting) => ({ ...(await waiting(setting)), note: 'why' }) },
  setApprovalAbove: { input: (setting) => ({ ...atReseller(setting), approvalAbove: 10 }) },
  cancelBulkOperation: { input: async (setting) => ({ id: (await waiting(setting)).bulkOperationId }) },
  syncApiKey: { input: (setting) => ({ ...fleet(setting), newKey: 'abcDEF123456' }), taken: UNKNOWN_EACH },
  disableApiKeys: { input: (setting) => ({ ...fleet(setting), reason: 'OTHER', note: 'why' }), taken: UNKNOWN_EACH },
  enableApiKeys: { input: (setting) => ({ ...fleet(setting), note: 'why' }), taken: UNKNOWN_EACH },
  regenerateApiKeys: { input: fleet, taken: UNKNOWN_EACH },
  renewSubscriptions: { input: (setting) => ({ ...fleet(setting), endsAt: inYears(3) }), taken: UNKNOWN_EACH },
  createOrganizationGroup: { input: newGroup },
  updateOrganizationGroup: { input: async (setting) => ({ ...(await group(setting)), name: 'Other' }) },
  deleteOrganizationGroup: { input: group },
  createRotationPolicy: { input: newPolicy },
  updateRotationPolicy: {
    input: async (setting) => {
      const { serviceProviderId: _, ...changes } = newPolicy(setting);
      return { ...(await policy(setting)), ...changes, isEnabled: true };
    },
  },
  deleteRotationPolicy: { input: policy },
  setOverlapAllowed: { input: (setting) => ({ ...atReseller(setting), overlapAllowedMinutes: 10 }) },
  endKeyOverlap: { input: slot, arrange: beginOverlap },
  planRotation: {
    input: (setting) => ({ ...fleet(setting), runAt: inYears(0.5), newKey: 'abcDEF123456', overlapMinutes: 0 }),
    taken: UNKNOWN_EACH,
  },
  cancelRotation: { input: async (setting) => ({ id: (await waiting(setting)).bulkOperationId }) },
  createWebhookEndpoint: { input: newEndpoint },
  updateWebhookEndpoint: {
    input: async (setting) => {
      const { serviceProviderId: _, ...changes } = newEndpoint(setting);
      return { ...(await endpoint(setting)), ...changes, isEnabled: true };
    },
  },
  createMailRecipient: { input: newRecipient },
  updateMailRecipient: {
    input: async (setting) => {
      const { serviceProviderId: _, ...changes } = newRecipient(setting);
      return { ...(await recipient(setting)), ...changes, isEnabled: true };
    },
  },
  deleteMailRecipient: { input: recipient },
  deleteWebhookEndpoint: { input: endpoint },
  rotateWebhookSecret: { input: async (setting) => ({ ...(await endpoint(setting)), overlapHours: 1 }) },
  testWebhookEndpoint: { input: endpoint },
  replayWebhookEvents: { input: async (setting) => ({ ...(await endpoint(setting)), since: inYears(-1) }) },
  createOrganization: { input: (setting) => ({ ...atReseller(setting), name: 'A', externalId: 'a-1' }) },
  applySubscription: {
    arrange: endSubscription,
    input: (setting) => ({
      ...target(setting),
      plan: 'API',
      startsAt: inYears(1),
      endsAt: inYears(2),
      callThreshold: 5,
      thresholdPeriod: 'DAY',
    }),
  },
  renewSubscription: { input: (setting) => ({ ...target(setting), endsAt: inYears(3) }) },
  cancelSubscription: { input: target },
  addApiKey: { input: slot, arrange: emptySlot },
  editApiKey: { input: (setting) => ({ ...slot(setting), newKey: 'abcDEF123456' }) },
  regenerateApiKey: { input: slot },
  deleteApiKey: { input: slot },
  revealApiKey: { input: slot },
  disableApiKey: { input: (setting) => ({ ...slot(setting), reason: 'OTHER', note: 'why' }) },
  enableApiKey: { input: (setting) => ({ ...slot(setting), note: 'why' }), arrange: disableByProvider },

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
  endApiSession: { input: apiSession },
  endApiSessions: { input: target },
  createAuthorizationServer: { input: newServer },
  updateAuthorizationServer: {
    input: async (setting) => {
      const { organizationId: _, ...settings } = newServer(setting);
      return { ...(await authorizationServer(setting)), ...settings, name: 'Other' };
    },
  },
  enableAuthorizationServer: {
    input: async (setting) => {
      await authorizationServer(setting);
      const client = await setting.signIn('providerAdmin');
      const input = { ...newServer(setting), name: 'The second' };
      return {
        authorizationServerId: await make(client, 'createAuthorizationServer', input, 'authorizationServer.id'),
      };
    },
  },
  disableAuthorizationServer: { input: authorizationServer },
  deleteAuthorizationServer: { input: authorizationServer },
  grantDelegation: { input: grant, taken: { granteeServiceProviderId: ANY_PROVIDER, note: BLANK } },
  acceptDelegation: { input: received },
  endDelegation: {
    input: async (setting) => ({ ...(await received(setting)), note: 'enough' }),
    taken: { note: BLANK },
  },
};
