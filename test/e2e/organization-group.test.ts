import { describe, expect } from 'vitest';
import type { ServiceProviderRef } from '../../src/ids.ts';
import type { Client } from '../support/graphql-client.ts';
import { organizationId, providerId, test } from '../support/graphql-world.ts';
import type { KeyWorld } from '../support/key-world.ts';
import { fingerprintOf, insertHolders } from '../support/shared-strings.ts';
import { statementsOf } from '../support/statements.ts';

const CREATE = `mutation ($input: CreateOrganizationGroupInput!) {
  createOrganizationGroup(input: $input) {
    organizationGroup {
      id name kind organizationCount createdByName serviceProvider { id }
      filter { search serviceProviderId apiKeyStatus disablementSource subscriptionStatus fingerprint fingerprintNot }
    }
    userErrors { code field }
  }
}`;
const UPDATE = `mutation ($input: UpdateOrganizationGroupInput!) {
  updateOrganizationGroup(input: $input) { organizationGroup { name organizationCount } userErrors { code field } }
}`;
const DELETE = `mutation ($input: DeleteOrganizationGroupInput!) {
  deleteOrganizationGroup(input: $input) { deletedId userErrors { code } }
}`;
const LIST = `query ($filter: OrganizationFilter) { organizations(first: 200, filter: $filter) { totalCount nodes { id } } }`;

const EVERYTHING = `query ($first: Int) {
  apiKeyGroups(first: $first, minimumCount: 1) {
    totalCount
    nodes { fingerprint organizationCount organizations(first: 3) { totalCount nodes { name apiKey { status } serviceProvider { name } } } }
  }
  organizationGroups(first: $first) {
    totalCount
    nodes { name kind organizationCount serviceProvider { name } organizations(first: 3) { totalCount nodes { name subscription { plan } } } }
  }
}`;

function hold(world: KeyWorld, provider: ServiceProviderRef, strings: readonly (string | null)[]) {
  const path = [...new Set([provider.rootProviderId, provider.serviceProviderId])];
  return insertHolders(world.keyward.database, provider, path, strings);
}

async function create(client: Client, serviceProvider: ServiceProviderRef, more: Record<string, unknown>) {
  const input = { serviceProviderId: providerId(serviceProvider), ...more };
  return (await client.query(CREATE, { input })).at('createOrganizationGroup');
}

describe('saved groups over HTTP', () => {
  test('are made, listed by, changed and deleted', async ({ world, signIn }) => {
    const { otherReseller } = world.tenants;
    const client = await signIn('siblingAdmin');
    const [one, two] = (await hold(world, otherReseller, ['a', 'a', 'b'])).map(organizationId);
    const hand = await create(client, otherReseller, { name: 'By hand', organizationIds: [one] });
    expect(hand).toMatchObject({
      organizationGroup: {
        ...{ name: 'By hand', kind: 'BY_HAND', filter: null, organizationCount: 1 },
        ...{ createdByName: world.siblingAdmin.displayName, serviceProvider: { id: providerId(otherReseller) } },
      },
      userErrors: [],
    });
    const fingerprint = fingerprintOf('a');
    const filter = await create(client, otherReseller, { name: 'By filter', filter: { fingerprint } });
    const nothing = { search: null, apiKeyStatus: null, disablementSource: null, subscriptionStatus: null };
    expect(filter).toMatchObject({
      organizationGroup: {
        ...{ kind: 'BY_FILTER', organizationCount: 2 },
        filter: { ...nothing, fingerprint, fingerprintNot: null, serviceProviderId: providerId(otherReseller) },
      },
    });
    const idOf = (group: unknown) => (group as { organizationGroup: { id: string } }).organizationGroup.id;
    const found = async (groupId: string) => {
      const answer = await client.query(LIST, { filter: { groupId } });
      return [answer.at('organizations.totalCount'), answer.at('organizations.nodes')];
    };
    expect(await found(idOf(hand))).toEqual([1, [{ id: one }]]);
    expect((await found(idOf(filter)))[0]).toBe(2);
    expect(await found('nothing')).toEqual([0, []]);
    const change = { organizationGroupId: idOf(hand), name: 'Changed', addOrganizationIds: [two] };
    expect((await client.query(UPDATE, { input: change })).at('updateOrganizationGroup')).toEqual({
      organizationGroup: { name: 'Changed', organizationCount: 2 },
      userErrors: [],
    });
    const foreign = { ...change, addOrganizationIds: [organizationId(world.organization)] };
    expect((await client.query(UPDATE, { input: foreign })).at('updateOrganizationGroup')).toEqual({
      organizationGroup: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'addOrganizationIds'] }],
    });
    const removal = await client.query(DELETE, { input: { organizationGroupId: idOf(hand) } });
    expect(removal.at('deleteOrganizationGroup')).toEqual({ deletedId: idOf(hand), userErrors: [] });
    expect((await client.query('query ($id: ID!) { node(id: $id) { id } }', { id: idOf(hand) })).at('node')).toBeNull();
  });

  test('and groups of those who share a string page by cursor, and drift tells who is beside them', async ({
    world,
    signIn,
  }) => {
    const { foreignRoot } = world.tenants;
    const client = await signIn('foreignAdmin');
    await hold(world, foreignRoot, ['a', 'a', 'a', 'b', 'b', 'c', 'c', 'd', null]);
    const PAGE = `query ($after: String) { apiKeyGroups(first: 1, after: $after) { totalCount nodes { organizationCount } pageInfo { hasNextPage endCursor } } }`;
    const sizes: unknown[] = [];
    let after: unknown = null;
    for (let hasNextPage: unknown = true; hasNextPage === true && sizes.length < 10; ) {
      const answer = await client.query(PAGE, { after });
      sizes.push(answer.at('apiKeyGroups.nodes.0.organizationCount'));
      expect(answer.at('apiKeyGroups.totalCount')).toBe(3);
      [hasNextPage, after] = ['hasNextPage', 'endCursor'].map((name) => answer.at(`apiKeyGroups.pageInfo.${name}`));
    }
    expect(sizes).toEqual([3, 2, 2]);
    const drift = await client.query(
      `query ($id: ID!) { apiKeyDrift(serviceProviderId: $id) {
        driftedCount emptyCount largestGroup { fingerprint organizationCount organizations { totalCount nodes { apiKey { fingerprint } } } }
        organizations(first: 2) { totalCount pageInfo { hasNextPage } nodes { apiKey { fingerprint } } } } }`,
      { id: providerId(foreignRoot) },
    );
    const fingerprint = fingerprintOf('a');
    const holder = { apiKey: { fingerprint } };
    expect(drift.at('apiKeyDrift')).toMatchObject({
      ...{ driftedCount: 5, emptyCount: 1 },
      largestGroup: {
        fingerprint,
        organizationCount: 3,
        organizations: { totalCount: 3, nodes: [holder, holder, holder] },
      },
      organizations: { totalCount: 5, pageInfo: { hasNextPage: true } },
    });
    expect(JSON.stringify(drift.at('apiKeyDrift.organizations'))).not.toContain(fingerprint);
  });
});

describe('the SQL statements for groups with their organizations', () => {
  test('are as few for 40 groups as for 2, but for groups by filter, which are found one by one', async ({
    server,
    world,
    signIn,
  }) => {
    const { otherReseller } = world.tenants;
    const client = await signIn('siblingAdmin');
    const holders = await hold(
      world,
      otherReseller,
      Array.from({ length: 40 }, (_, index) => `string ${index}`),
    );
    const names = async (first: number) => {
      const sent = await statementsOf(server, async () => {
        const answer = await client.query(EVERYTHING, { first });
        expect(answer.errors).toEqual([]);
        expect(answer.at('apiKeyGroups.nodes')).toHaveLength(first);
      });
      // Who the token stands for is asked anew every half a second.
      return sent.filter((name) => !name.startsWith('staff_session.')).sort();
    };
    const some = holders.map(organizationId);
    for (let index = 0; index < 40; index++) {
      await create(client, otherReseller, { name: `Hand ${index}`, organizationIds: some.slice(index, index + 3) });
    }
    const few = await names(2);
    expect(await names(40)).toEqual(few);
    await create(client, otherReseller, { name: 'Filter', filter: {} });
    expect(await names(1)).toHaveLength(few.length);
    expect((await names(40)).length).toBe(few.length + 2);
  });
});
