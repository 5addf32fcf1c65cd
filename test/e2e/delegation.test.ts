import { describe, expect } from 'vitest';
import { endDelegation } from '../../src/delegation/answer-delegation.service.ts';
import { encodeActorId } from '../../src/graphql/global-id.ts';
import { newId } from '../../src/ids.ts';
import { delegationId, test, valuesAt } from '../support/delegation-client.ts';
import { DAY_MS, grant, lend, named } from '../support/delegations.ts';
import { bearer } from '../support/graphql-client.ts';
import { organizationId, providerId } from '../support/graphql-world.ts';
import { post } from '../support/raw-http.ts';

const FIELDS = `id side status role serviceProviderName granteeName organizationCount organizations { id } note
  createdBy { id displayName } expiresAt acceptedAt acceptedBy { id displayName } endedAt endedBy { displayName }`;
const GRANT = `mutation ($input: GrantDelegationInput!) { grantDelegation(input: $input) {
  delegation { ${FIELDS} } userErrors { code field } } }`;
const ACCEPT = `mutation ($input: AcceptDelegationInput!) { acceptDelegation(input: $input) {
  delegation { ${FIELDS} } userErrors { code field } } }`;
const END = `mutation ($input: EndDelegationInput!) { endDelegation(input: $input) {
  delegation { ${FIELDS} } userErrors { code field } } }`;
const LIST = `query ($filter: DelegationFilter) { delegations(filter: $filter) { totalCount nodes { ${FIELDS} } } }`;
const REGENERATE = `mutation ($id: ID!) { regenerateApiKey(input: { organizationId: $id }) {
  apiKey { lastModifiedBy { displayName } } keyString userErrors { code } } }`;
const VIEWER = '{ viewer { id displayName role permissions onBehalfOf serviceProvider { id } organization { id } } }';
const TRAIL = `query ($action: [String!]) { auditEvents(filter: { action: $action }) {
  nodes { action onBehalfOf actorRole actor { id } organization { id } ipAddress } } }`;

test('a provider lends its organizations, another one helps out, and it ends when either side says so', async ({
  both,
  signIn,
  actUnder,
}) => {
  const grantor = await signIn('providerAdmin');
  const grantee = await signIn(both.granteeAdmin);
  const organizationIds = both.lent.map(organizationId);
  const expiresAt = new Date(Date.now() + DAY_MS).toISOString();
  const granted = await grantor.query(GRANT, {
    input: {
      serviceProviderId: providerId(both.grantor),
      organizationIds,
      granteeServiceProviderId: providerId(both.grantee),
      role: 'PROVIDER_ADMIN',
      expiresAt,
      note: 'while we are away',
    },
  });
  const id = String(granted.at('grantDelegation.delegation.id'));
  expect(granted.at('grantDelegation')).toMatchObject({
    delegation: {
      side: 'GRANTED',
      status: 'PENDING',
      granteeName: null,
      organizationCount: 3,
      expiresAt,
      acceptedBy: null,
    },
    userErrors: [],
  });
  expect(valuesAt(granted, 'grantDelegation.delegation.organizations', 'id')).toEqual(organizationIds.toSorted());

  expect((await (await actUnder(both.granteeAdmin, id)).query(VIEWER)).status).toBe(403);
  const waiting = await grantee.query(LIST, { filter: { side: 'RECEIVED' } });
  expect(waiting.at('delegations.nodes.0')).toMatchObject({
    id,
    side: 'RECEIVED',
    status: 'PENDING',
    organizationCount: 3,
    organizations: null,
    note: 'while we are away',
    createdBy: { displayName: both.providerAdmin.displayName },
  });
  const accepted = await grantee.query(ACCEPT, { input: { delegationId: id } });
  expect(accepted.at('acceptDelegation.delegation')).toMatchObject({
    status: 'ACTIVE',
    acceptedBy: { displayName: both.granteeAdmin.actor.displayName },
  });

  const acting = await actUnder(both.granteeAdmin, id);
  const viewer = await acting.query(VIEWER);
  const me = (await grantee.query(VIEWER)).at('viewer.id');
  const name = waiting.at('delegations.nodes.0.serviceProviderName');
  expect(viewer.at('viewer')).toMatchObject({
    id: me,
    role: 'PROVIDER_ADMIN',
    onBehalfOf: name,
    serviceProvider: { id: providerId(both.grantor) },
    organization: null,
  });
  const regenerated = await acting.query(REGENERATE, { id: organizationIds[1] });
  expect(regenerated.at('regenerateApiKey')).toMatchObject({
    apiKey: { lastModifiedBy: { displayName: both.granteeAdmin.actor.displayName } },
    keyString: expect.stringMatching(/^[A-Za-z0-9]{12}$/),
    userErrors: [],
  });

  const action = ['api_key.regenerate', 'delegation.grant', 'delegation.accept', 'delegation.end'];
  const atGrantor = await grantor.query(TRAIL, { action });
  expect(atGrantor.at('auditEvents.nodes.0')).toMatchObject({
    action: 'api_key.regenerate',
    onBehalfOf: name,
    actorRole: 'PROVIDER_ADMIN',
    actor: { id: me },
    organization: { id: organizationIds[1] },
    ipAddress: '127.0.0.1',
  });
  const actionsOf = (nodes: unknown) => (nodes as { action: string }[]).map((event) => event.action);
  expect(actionsOf(atGrantor.at('auditEvents.nodes'))).toEqual([
    'api_key.regenerate',
    'delegation.accept',
    'delegation.grant',
  ]);
  expect(actionsOf((await grantee.query(TRAIL, { action })).at('auditEvents.nodes'))).toEqual(['delegation.accept']);

  const ended = await grantor.query(END, { input: { delegationId: id, note: 'we are back' } });
  expect(ended.at('endDelegation.delegation.status')).toBe('ENDED');
  const late = await acting.query(REGENERATE, { id: organizationIds[1] });
  expect([late.status, late.errors[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
  expect((await grantee.query(ACCEPT, { input: { delegationId: id } })).at('acceptDelegation.userErrors')).toEqual([
    { code: 'DELEGATION_ENDED', field: ['input', 'delegationId'] },
  ]);
  expect(actionsOf((await grantee.query(TRAIL, { action })).at('auditEvents.nodes'))).toEqual([
    'delegation.accept', // the refused one
    'delegation.end',
    'delegation.accept',
  ]);
});

describe('the header', () => {
  test('is refused alike for every delegation that does not hold, and for every text that names none', async ({
    server,
    both,
  }) => {
    const active = await lend(both);
    const ended = await lend(both);
    await endDelegation(both.as(both.granteeAdmin.actor), { ...named(ended), note: null });
    const expired = await lend(both);
    await server.database.query(
      `update delegation set created_at = now() - interval '2 days', expires_at = now() - interval '1 day' where id = $1`,
      [expired.delegationId],
    );
    const pending = await grant(both);
    const elsewhere = await grant(both, { grantee: both.tenants.otherReseller });
    const unknown = { ...active, delegationId: newId<'Delegation'>() };
    const otherRoot = { ...active, rootProviderId: both.grantee.rootProviderId };
    const texts = ['', 'x', '*', organizationId(both.organization), `${delegationId(active)},${delegationId(active)}`];
    const headers = [...[ended, expired, pending, elsewhere, unknown, otherRoot].map(delegationId), ...texts];
    const login = await bearer(server.url, both.granteeAdmin);
    const ask = (delegation: string, authorization = login.authorization) =>
      post(`${server.url}/graphql`, JSON.stringify({ query: VIEWER }), {
        authorization,
        'x-keyward-delegation': delegation,
      });
    const answers = await Promise.all(headers.map((header) => ask(header)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([answers[0]?.status, answers[0]?.codes]).toEqual([403, ['FORBIDDEN']]);
    expect((await ask(delegationId(active))).status).toBe(200);
    expect((await ask(delegationId(active), 'Bearer none')).status).toBe(401);
  });

  test('is refused to everybody but staff of exactly the grantee', async ({ both, actUnder }) => {
    const active = await lend(both);
    const { strangers, people, granteeViewer } = both;
    const others = [
      ...Object.values(strangers),
      people.providerAdmin,
      people.parentAdmin,
      people.platformAdmin,
      people.orgViewer,
    ];
    const [first] = await Promise.all(others.map(async (staff) => (await actUnder(staff, active)).query(VIEWER)));
    for (const staff of others) {
      const answer = await (await actUnder(staff, active)).query(VIEWER);
      expect([answer.status, answer.text]).toEqual([403, first?.text]);
    }
    expect((await (await actUnder(granteeViewer, active)).query(VIEWER)).status).toBe(200);
  });
});

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
    const viewer = await acting.query(VIEWER);
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
