import { describe, expect } from 'vitest';
import { encodeActorId, encodeGlobalId } from '../../../src/graphql/global-id.ts';
import type { StaffMember } from '../../../src/staff/staff-member.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import type { Client } from '../../support/graphql-client.ts';
import { organizationId, providerId, test } from '../../support/graphql-world.ts';
import type { KeyWorld, Person } from '../../support/key-world.ts';
import { createHolder, makeRole } from '../../support/people.ts';

const LIST = `query ($first: Int, $after: String, $filter: StaffMemberFilter) {
  staffMembers(first: $first, after: $after, filter: $filter) {
    nodes { id username } totalCount pageInfo { hasNextPage endCursor } } }`;

async function namesSeen(client: Client, filter: Record<string, unknown> = {}): Promise<string[]> {
  const names: string[] = [];
  for (let after: unknown = null; ; ) {
    const answer = await client.query(LIST, { first: 2, after, filter });
    const { nodes, totalCount, pageInfo } = answer.at('staffMembers') as unknown as {
      nodes: { username: string }[];
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    names.push(...nodes.map(({ username }) => username));
    if (!pageInfo.hasNextPage) {
      expect(names).toHaveLength(totalCount);
      return names;
    }
    after = pageInfo.endCursor;
  }
}

function namesOf({ people }: KeyWorld, ...persons: Person[]): string[] {
  return persons.map((person) => people[person].username).sort();
}

const ORG: Person[] = ['orgAdmin', 'orgViewer'];
const RESELLER: Person[] = [...ORG, 'otherOrgAdmin', 'providerAdmin', 'providerSupport', 'providerViewer'];

describe('the list of people', () => {
  test('shows each who is in sight, once, by user name', async ({ world, signIn }) => {
    expect(await namesSeen(await signIn('orgAdmin'))).toEqual(namesOf(world, ...ORG));
    expect(await namesSeen(await signIn('providerAdmin'))).toEqual(namesOf(world, ...RESELLER));
    expect(await namesSeen(await signIn('parentAdmin'))).toEqual(
      namesOf(world, ...RESELLER, 'parentAdmin', 'siblingAdmin'),
    );
    expect(await namesSeen(await signIn('foreignAdmin'))).toEqual(namesOf(world, 'foreignAdmin'));
    const all = await namesSeen(await signIn('platformAdmin'), { search: '@keyward.test' });
    expect(all).toEqual(all.toSorted());
    expect(all).toEqual(expect.arrayContaining(namesOf(world, ...RESELLER, 'foreignAdmin', 'platformSupport')));
  });

  test('is filtered by place, name and state; what is out of sight matches nobody', async ({
    world,
    signIn,
    server,
  }) => {
    const client = await signIn('parentAdmin');
    const { tenants, people } = world;
    const foreign = await createTestOrganization(server.services, tenants.platformAdmin, tenants.foreignRoot, null);
    expect(await namesSeen(client, { serviceProviderId: providerId(tenants.reseller) })).toEqual(
      namesOf(world, ...RESELLER),
    );
    expect(await namesSeen(client, { organizationId: organizationId(world.organization) })).toEqual(
      namesOf(world, ...ORG),
    );
    expect(await namesSeen(client, { search: people.orgViewer.username.toUpperCase() })).toEqual(
      namesOf(world, 'orgViewer'),
    );
    await server.database.query(
      `update staff_member set display_name = 'Zoë Q', deactivated_at = now() where id = $1`,
      [people.orgViewer.member.id],
    );
    expect(await namesSeen(client, { search: 'zoë' })).toEqual(namesOf(world, 'orgViewer'));
    expect(await namesSeen(client, { isActive: false })).toEqual(namesOf(world, 'orgViewer'));
    expect(await namesSeen(client, { isActive: true, organizationId: organizationId(world.organization) })).toEqual(
      namesOf(world, 'orgAdmin'),
    );
    for (const filter of [
      { serviceProviderId: providerId(tenants.foreignRoot) },
      { organizationId: organizationId(foreign) },
      { serviceProviderId: 'nonsense' },
      { organizationId: providerId(tenants.root) },
    ]) {
      expect(await namesSeen(client, filter)).toEqual([]);
    }
  });

  test.for(['providerSupport', 'providerViewer', 'orgViewer', 'platformSupport'] as const)(
    'is FORBIDDEN without staff:manage: %s',
    async (person, { signIn }) => {
      const client = await signIn(person);
      for (const query of [
        '{ staffMembers { nodes { id } } }',
        '{ staffMembers { totalCount } }',
        '{ roles { name } }',
      ]) {
        expect((await client.query(query)).errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
      }
    },
  );
});

describe('somebody by id', () => {
  const NODE = `query ($id: ID!) { node(id: $id) { id __typename ... on StaffMember {
    username displayName role permissions isActive mustChangePassword signsInAt createdAt lastLoginAt deactivatedAt
    serviceProvider { id } organization { id } customRole { id name permissions serviceProvider { id } } } } }`;
  const idOf = ({ id }: Pick<StaffMember, 'id'>) => encodeActorId(id);

  test('is shown with role, place and state', async ({ world, signIn, server }) => {
    const { member } = world.people.orgAdmin;
    const client = await signIn('providerAdmin');
    await signIn('orgAdmin');
    const answer = await client.query(NODE, { id: idOf(member) });
    expect(answer.at('node')).toEqual({
      id: idOf(member),
      __typename: 'StaffMember',
      username: member.username,
      displayName: member.displayName,
      role: 'ORG_ADMIN',
      permissions: [...world.orgAdmin.permissions],
      isActive: true,
      mustChangePassword: false,
      signsInAt: 'KEYWARD',
      createdAt: member.createdAt.toISOString(),
      lastLoginAt: expect.any(String),
      deactivatedAt: null,
      serviceProvider: { id: providerId(world.tenants.reseller) },
      organization: { id: organizationId(world.organization) },
      customRole: null,
    });
    const role = await makeRole(world.as(world.parentAdmin), world.tenants.root, ['apiKey:view']);
    const place = { organization: world.organization };
    const holder = await createHolder(server, world.as(world.parentAdmin), place, role);
    const asParent = await (await signIn('parentAdmin')).query(NODE, { id: idOf(holder.member) });
    expect(asParent.at('node.customRole')).toEqual({
      id: encodeGlobalId('CustomRole', role.rootProviderId, role.customRoleId),
      name: holder.actor.role,
      permissions: ['apiKey:view'],
      serviceProvider: { id: providerId(world.tenants.root) },
    });
    // The role's provider is above, and out of sight.
    const asReseller = await client.query(NODE, { id: idOf(holder.member) });
    expect([asReseller.at('node.role'), asReseller.at('node.customRole')]).toEqual([holder.actor.role, null]);
  });

  test('is null out of sight, without staff:manage, and as a role', async ({ world, signIn }) => {
    const { orgAdmin, platformAdmin } = world.people;
    const role = await makeRole(world.as(world.providerAdmin), world.tenants.reseller, ['apiKey:view']);
    const roleId = encodeGlobalId('CustomRole', role.rootProviderId, role.customRoleId);
    for (const person of ['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin', 'providerSupport', 'orgViewer'] as const) {
      const client = await signIn(person);
      for (const id of [idOf(orgAdmin.member), idOf(platformAdmin.member), roleId]) {
        expect((await client.query(NODE, { id })).at('node')).toBeNull();
      }
      expect((await client.query(NODE, { id: idOf(world.people[person].member) })).at('node.username')).toBe(
        world.people[person].username,
      );
    }
  });
});

describe('the choice of roles', () => {
  const ROLES = `query ($serviceProviderId: ID, $organizationId: ID) {
    roles(serviceProviderId: $serviceProviderId, organizationId: $organizationId) {
      name role mayGrant permissions customRole { name } } }`;

  async function choices(client: Client, variables: Record<string, unknown>): Promise<[string, boolean][]> {
    const answer = await client.query(ROLES, variables);
    const roles = answer.at('roles') as unknown as { name: string; mayGrant: boolean }[];
    return roles.map(({ name, mayGrant }) => [name, mayGrant]);
  }

  test('is what fits the place, and says what the caller may give', async ({ world, signIn }) => {
    const ctx = world.as(world.parentAdmin);
    const { tenants } = world;
    const names = {
      strong: ['apiKey:view', 'apiKey:reveal', 'apiKey:sync'],
      weak: ['apiKey:view', 'apiKey:reveal'],
    } as const;
    const strong = await makeRole(ctx, tenants.root, names.strong);
    const weak = await makeRole(ctx, tenants.reseller, names.weak);
    await makeRole(ctx, tenants.otherReseller, ['apiKey:view']);
    const rows = await world.keyward.database.query<{ id: string; name: string }>('select id, name from custom_role');
    const nameOf = (id: string) => rows.find((row) => row.id === id)?.name ?? '';
    const [strongName, weakName] = [nameOf(strong.customRoleId), nameOf(weak.customRoleId)];
    const at = { serviceProviderId: providerId(tenants.reseller) };
    const inside = { organizationId: organizationId(world.organization) };
    const own = [strongName, weakName].sort((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1));
    expect(await choices(await signIn('parentAdmin'), at)).toEqual([
      ['PROVIDER_ADMIN', true],
      ['PROVIDER_SUPPORT', true],
      ['PROVIDER_VIEWER', true],
      ...own.map((name) => [name, true]),
    ]);
    expect(await choices(await signIn('platformAdmin'), at)).toEqual([
      ['PROVIDER_ADMIN', true],
      ['PROVIDER_SUPPORT', true],
      ['PROVIDER_VIEWER', true],
      ...own.map((name) => [name, false]),
    ]);
    expect(await choices(await signIn('providerAdmin'), inside)).toEqual([
      ['ORG_ADMIN', true],
      ['ORG_VIEWER', true],
      [weakName, true],
    ]);
    expect(await choices(await signIn('orgAdmin'), inside)).toEqual([
      ['ORG_ADMIN', true],
      ['ORG_VIEWER', true],
    ]);
    expect(await choices(await signIn('platformAdmin'), {})).toEqual([
      ['PLATFORM_ADMIN', true],
      ['PLATFORM_SUPPORT', true],
    ]);
  });

  test('of a place out of sight is none, as that of no place', async ({ world, signIn }) => {
    const client = await signIn('foreignAdmin');
    for (const serviceProviderId of [providerId(world.tenants.reseller), 'nonsense', null]) {
      expect(await choices(client, { serviceProviderId })).toEqual([]);
    }
    expect(await choices(client, { organizationId: organizationId(world.organization) })).toEqual([]);
    expect(await choices(await signIn('orgAdmin'), { serviceProviderId: providerId(world.tenants.reseller) })).toEqual(
      [],
    );
  });
});
