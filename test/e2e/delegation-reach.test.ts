import { describe, expect } from 'vitest';
import { encodeActorId } from '../../src/graphql/global-id.ts';
import { delegationId, test, valuesAt } from '../support/delegation-client.ts';
import { DAY_MS, lend } from '../support/delegations.ts';
import { organizationId, providerId } from '../support/graphql-world.ts';

const GRANT = `mutation ($input: GrantDelegationInput!) { grantDelegation(input: $input) { userErrors { code } } }`;
const ACCEPT = `mutation ($input: AcceptDelegationInput!) { acceptDelegation(input: $input) { userErrors { code } } }`;
const END = `mutation ($input: EndDelegationInput!) { endDelegation(input: $input) { userErrors { code } } }`;
const LIST = 'query ($filter: DelegationFilter) { delegations(filter: $filter) { totalCount nodes { id } } }';
const REGENERATE = 'mutation ($id: ID!) { regenerateApiKey(input: { organizationId: $id }) { userErrors { code } } }';

describe('whoever acts under a delegation', () => {
  const REACH = `query ($filter: OrganizationFilter, $after: String) {
    organizations(filter: $filter, after: $after) { totalCount nodes { id serviceProvider { id } baseUrl
      subscription { id } apiKey { id } } }
    serviceProviders { totalCount nodes { id resellers { totalCount nodes { id } } parent { id }
      organizations { totalCount nodes { id } } } }
    auditEvents { totalCount nodes { id organization { id } } } }`;

  test('reaches the lent organizations and nothing else: lists, counts, cursors, nodes, filters and the trail', async ({
    both,
    signIn,
    actUnder,
  }) => {
    const acting = await actUnder(both.granteeAdmin, await lend(both));
    const lent = both.lent.map(organizationId).sort();
    const all = await (await signIn('parentAdmin')).query(REACH);
    const reach = await acting.query(REACH);
    expect(reach.errors).toEqual([]);
    expect(valuesAt(reach, 'organizations.nodes', 'id')).toEqual(lent);
    expect(reach.at('organizations.totalCount')).toBe(3);
    expect(reach.at('serviceProviders')).toMatchObject({
      totalCount: 1,
      nodes: [
        {
          id: providerId(both.grantor),
          parent: null,
          resellers: { totalCount: 0, nodes: [] },
          organizations: { totalCount: 3 },
        },
      ],
    });
    expect(valuesAt(reach, 'serviceProviders.nodes.0.organizations.nodes', 'id')).toEqual(lent);
    const ofTrail = new Set(valuesAt(reach, 'auditEvents.nodes', 'organization.id'));
    expect([...ofTrail].sort()).toEqual(lent);
    const own = [...valuesAt(reach, 'auditEvents.nodes', 'id')];
    expect(reach.at('auditEvents.totalCount')).toBe(own.length);

    const places = [
      ['organizations.nodes', 'id'],
      ['organizations.nodes', 'subscription.id'],
      ['organizations.nodes', 'apiKey.id'],
      ['auditEvents.nodes', 'id'],
    ] as const;
    for (const [list, field] of places) {
      const reachable = valuesAt(reach, list, field);
      for (const id of valuesAt(all, list, field).filter((value) => value !== 'undefined' && value !== 'null')) {
        const node = await acting.query('query ($id: ID!) { node(id: $id) { id } }', { id });
        expect([list, field, node.at('node.id') ?? null]).toEqual([list, field, reachable.includes(id) ? id : null]);
      }
    }
    const filters = [
      { ids: [...both.lent, ...both.notLent].map(organizationId) },
      { serviceProviderId: providerId(both.grantor) },
      { serviceProviderId: providerId(both.tenants.root) },
    ];
    for (const filter of filters) {
      const ids = valuesAt(await acting.query(REACH, { filter }), 'organizations.nodes', 'id');
      expect(ids.filter((id) => !lent.includes(id))).toEqual([]);
    }
    const first = `query { organizations(first: 1, orderBy: { field: CREATED_AT, direction: ASC }) { pageInfo { endCursor } } }`;
    const after = (await (await signIn('parentAdmin')).query(first)).at('organizations.pageInfo.endCursor');
    const rest = await acting.query(
      'query ($after: String) { organizations(after: $after, orderBy: { field: CREATED_AT, direction: ASC }) { totalCount nodes { id } } }',
      { after },
    );
    expect(valuesAt(rest, 'organizations.nodes', 'id').filter((id) => !lent.includes(id))).toEqual([]);
    expect(rest.at('organizations.totalCount')).toBe(3);
  });

  test('sees of providers the grantor, and a reseller only when one of its organizations is lent', async ({
    both,
    actUnder,
  }) => {
    const [one, other, ofReseller] = both.lent;
    const withReseller = await actUnder(both.granteeAdmin, await lend(both));
    const without = await actUnder(both.granteeAdmin, await lend(both, { organizations: [one, other] }));
    const { root, otherReseller } = both.tenants;
    const NODE = 'query ($id: ID!) { node(id: $id) { id } serviceProvider(id: $id) { id } }';
    for (const [client, provider, isSeen] of [
      [withReseller, both.grantor, true],
      [withReseller, both.below, true],
      [withReseller, root, false],
      [withReseller, otherReseller, false],
      [without, both.grantor, true],
      [without, both.below, false],
      [without, both.grantee, false],
    ] as const) {
      const id = providerId(provider);
      const expected = isSeen ? { id } : null;
      const answer = await client.query(NODE, { id });
      expect([answer.at('node'), answer.at('serviceProvider')]).toEqual([expected, expected]);
    }
    const shown = await withReseller.query(
      `query ($id: ID!) { organization(id: $id) { baseUrl serviceProvider { id parent { id } resellers { totalCount }
        organizations { nodes { id } } } } }`,
      { id: organizationId(ofReseller) },
    );
    expect(shown.at('organization')).toEqual({
      baseUrl: 'https://below.example.com',
      serviceProvider: {
        id: providerId(both.below),
        parent: { id: providerId(both.grantor) },
        resellers: { totalCount: 0 },
        organizations: { nodes: [{ id: organizationId(ofReseller) }] },
      },
    });
  });

  test('does to the lent organizations what the role allows, with the authority of a provider', async ({
    both,
    actUnder,
  }) => {
    const acting = await actUnder(both.granteeAdmin, await lend(both));
    const ids = both.lent.map(organizationId);
    const run = async (field: string, input: Record<string, unknown>) => {
      const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`.replace(/^(Add|Delete|Regenerate|Reveal)/, '');
      const answer = await acting.query(
        `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { code } organization { id } } }`,
        { input },
      );
      expect(answer.errors, field).toEqual([]);
      return answer.at(`${field}.userErrors`);
    };
    for (const organization of ids) {
      const input = { organizationId: organization };
      expect(await run('disableApiKey', { ...input, reason: 'NON_PAYMENT' })).toEqual([]);
      const disabled = await acting.query(
        'query ($id: ID!) { organization(id: $id) { apiKey { status allowedActions disablements { source by { displayName } } } } }',
        { id: organization },
      );
      expect(disabled.at('organization.apiKey')).toMatchObject({
        status: 'DISABLED',
        allowedActions: ['EDIT', 'REVEAL', 'ENABLE'],
        disablements: [{ source: 'SERVICE_PROVIDER', by: { displayName: both.granteeAdmin.actor.displayName } }],
      });
      expect(await run('editApiKey', { ...input, newKey: 'abcDEF123456' })).toEqual([]);
      expect(await run('enableApiKey', { ...input, note: 'paid' })).toEqual([]);
      expect(await run('regenerateApiKey', { ...input, idempotencyKey: organization })).toEqual([]);
      expect(await run('regenerateApiKey', { ...input, idempotencyKey: organization })).toEqual([]);
      expect(await run('revealApiKey', input)).toEqual([]);
      expect(await run('deleteApiKey', input)).toEqual([]);
      expect(await run('addApiKey', input)).toEqual([]);
      expect(await run('renewSubscription', { ...input, endsAt: '2035-01-01T00:00:00Z' })).toEqual([]);
    }
    for (const organization of both.notLent.map(organizationId)) {
      for (const field of ['regenerateApiKey', 'revealApiKey', 'deleteApiKey', 'addApiKey']) {
        expect(await run(field, { organizationId: organization })).toEqual([{ code: 'NOT_FOUND' }]);
      }
      expect(await run('renewSubscription', { organizationId: organization, endsAt: '2035-01-01T00:00:00Z' })).toEqual([
        { code: 'NOT_FOUND' },
      ]);
    }
  });

  test('manages no organizations, providers, staff or delegations', async ({ both, actUnder }) => {
    const ref = await lend(both);
    const acting = await actUnder(both.granteeAdmin, ref);
    const serviceProviderId = providerId(both.grantor);
    const name = 'Not lent';
    const codes = [];
    for (const [document, variables] of [
      [
        'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { userErrors { code } } }',
        { serviceProviderId, name },
      ],
      [
        'mutation ($input: CreateServiceProviderInput!) { createServiceProvider(input: $input) { userErrors { code } } }',
        { parentId: serviceProviderId, name },
      ],
      [
        GRANT,
        {
          serviceProviderId,
          organizationIds: both.lent.map(organizationId),
          granteeServiceProviderId: providerId(both.tenants.otherReseller),
          role: 'PROVIDER_VIEWER',
          expiresAt: new Date(Date.now() + DAY_MS).toISOString(),
        },
      ],
    ] as const) {
      codes.push((await acting.query(document, { input: variables })).errors.map(({ extensions }) => extensions.code));
    }
    codes.push((await acting.query(LIST)).errors.map(({ extensions }) => extensions.code));
    expect(codes).toEqual([['FORBIDDEN'], ['FORBIDDEN'], ['FORBIDDEN'], ['FORBIDDEN']]);
    const input = { delegationId: delegationId(ref) };
    expect((await acting.query(ACCEPT, { input })).at('acceptDelegation.userErrors.0.code')).toBe('NOT_FOUND');
    expect((await acting.query(END, { input })).at('endDelegation.userErrors.0.code')).toBe('NOT_FOUND');
    const usable = await acting.query(LIST, { filter: { side: 'RECEIVED', isActive: true } });
    expect(usable.at('delegations')).toEqual({ totalCount: 0, nodes: [] });
    for (const id of [input.delegationId, encodeActorId(both.people.orgAdmin.member.id)]) {
      expect((await acting.query('query ($id: ID!) { node(id: $id) { id } }', { id })).at('node')).toBeNull();
    }
  });

  test('does no more than at home', async ({ both, actUnder }) => {
    const acting = await actUnder(both.granteeSupport, await lend(both));
    const viewer = await acting.query('{ viewer { permissions } }');
    expect(viewer.at('viewer.permissions')).toEqual(['apiKey:view', 'apiKey:enable', 'audit:view']);
    const refused = await acting.query(REGENERATE, { id: organizationId(both.lent[0]) });
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  test('is at home again without the header, also for the same idempotency key', async ({
    server,
    both,
    actUnder,
    signIn,
  }) => {
    const KEYED = `mutation ($id: ID!) { regenerateApiKey(input: { organizationId: $id, idempotencyKey: "one" }) {
      userErrors { code } } }`;
    const own = await both.newOrganization(both.grantee);
    const ids = [organizationId(both.lent[0]), organizationId(both.lent[1])];
    const [one, other] = await Promise.all(
      both.lent.slice(0, 2).map(async (organization) => {
        return actUnder(both.granteeAdmin, await lend(both, { organizations: [organization] }));
      }),
    );
    const home = await signIn(both.granteeAdmin);
    expect((await home.query(KEYED, { id: organizationId(own) })).at('regenerateApiKey.userErrors')).toEqual([]);
    expect((await one?.query(KEYED, { id: ids[0] }))?.at('regenerateApiKey.userErrors')).toEqual([]);
    // The same person used the key at the same root, where this delegation does not reach.
    expect((await other?.query(KEYED, { id: ids[1] }))?.at('regenerateApiKey.userErrors')).toEqual([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect(
      (await home.query('query ($id: ID!) { organization(id: $id) { id } }', { id: ids[0] })).at('organization'),
    ).toBeNull();
    expect(server.logLines.filter((line) => line.includes('request failed'))).toEqual([]);
  });
});
