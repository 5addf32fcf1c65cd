import { expect } from 'vitest';
import type { Client, Json } from '../support/graphql-client.ts';
import { organizationId, providerId, test } from '../support/graphql-world.ts';

async function mutate(client: Client, name: string, type: string, wanted: string, input: Record<string, unknown>) {
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${wanted} userErrors { code field } } }`;
  const answer = await client.query(document, { input });
  expect(answer.errors).toEqual([]);
  return answer.at(name) as { readonly [key: string]: Json };
}

test('a provider defines a role, gives it to somebody, changes it, and parts with both', async ({ world, signIn }) => {
  const admin = await signIn('providerAdmin');
  const role = 'customRole { id name permissions }';
  const person = 'staffMember { id role permissions isActive customRole { name } }';
  const made = await mutate(admin, 'createCustomRole', 'CreateCustomRoleInput', role, {
    serviceProviderId: providerId(world.tenants.reseller),
    name: 'Key Keeper',
    permissions: ['apiKey:manage', 'apiKey:view'],
  });
  const { id: customRoleId } = made.customRole as { id: string };
  const created = await mutate(admin, 'createStaffMember', 'CreateStaffMemberInput', `${person} password`, {
    username: `keeper.${customRoleId}@keyward.test`,
    displayName: 'Keeper',
    organizationId: organizationId(world.organization),
    customRoleId,
  });
  const { id: staffMemberId } = created.staffMember as { id: string };
  expect(created).toMatchObject({
    password: expect.stringMatching(/^\w{20}$/),
    staffMember: {
      role: 'Key Keeper',
      permissions: ['apiKey:view', 'apiKey:manage'],
      isActive: true,
      customRole: { name: 'Key Keeper' },
    },
    userErrors: [],
  });
  const change = { customRoleId, name: 'Reader', permissions: ['apiKey:view'] };
  const changed = await mutate(admin, 'updateCustomRole', 'UpdateCustomRoleInput', role, change);
  expect(changed).toEqual({
    customRole: { id: customRoleId, name: 'Reader', permissions: ['apiKey:view'] },
    userErrors: [],
  });
  const inUse = await mutate(admin, 'deleteCustomRole', 'DeleteCustomRoleInput', 'deletedId', { customRoleId });
  expect(inUse).toEqual({ deletedId: null, userErrors: [{ code: 'ROLE_IN_USE', field: ['input', 'customRoleId'] }] });
  const off = await mutate(admin, 'deactivateStaffMember', 'StaffMemberInput', person, { staffMemberId });
  expect(off).toMatchObject({ staffMember: { role: 'Reader', isActive: false } });
  const on = await mutate(admin, 'reactivateStaffMember', 'StaffMemberInput', person, { staffMemberId });
  expect(on).toMatchObject({ staffMember: { isActive: true } });
  const demotion = { staffMemberId, role: 'ORG_VIEWER' };
  const demoted = await mutate(admin, 'updateStaffMember', 'UpdateStaffMemberInput', person, demotion);
  expect(demoted).toMatchObject({ staffMember: { role: 'ORG_VIEWER', customRole: null } });
  const gone = await mutate(admin, 'removeStaffMember', 'StaffMemberInput', 'removedId', { staffMemberId });
  expect(gone).toEqual({ removedId: staffMemberId, userErrors: [] });
  const deleted = await mutate(admin, 'deleteCustomRole', 'DeleteCustomRoleInput', 'deletedId', { customRoleId });
  expect(deleted).toEqual({ deletedId: customRoleId, userErrors: [] });
});

test('what is wrong with the input is data, and names the field', async ({ world, signIn }) => {
  const admin = await signIn('providerAdmin');
  const refused = await mutate(admin, 'createStaffMember', 'CreateStaffMemberInput', 'password staffMember { id }', {
    username: 'somebody@keyward.test',
    displayName: 'Somebody',
    serviceProviderId: providerId(world.tenants.reseller),
    role: 'PROVIDER_VIEWER',
    password: 'too short',
  });
  expect(refused).toEqual({
    password: null,
    staffMember: null,
    userErrors: [{ code: 'VALIDATION_FAILED', field: ['input', 'password'] }],
  });
  const [unknown] = (
    (await mutate(admin, 'updateStaffMember', 'UpdateStaffMemberInput', '', {
      staffMemberId: providerId(world.tenants.reseller),
      displayName: 'x',
    })) as unknown as { userErrors: Json[] }
  ).userErrors;
  expect(unknown).toEqual({ code: 'NOT_FOUND', field: ['input', 'staffMemberId'] });
});
