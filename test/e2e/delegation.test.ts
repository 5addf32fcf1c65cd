import { describe, expect } from 'vitest';
import { endDelegation } from '../../src/delegation/answer-delegation.service.ts';
import { newId } from '../../src/ids.ts';
import { delegationId, test, valuesAt } from '../support/delegation-client.ts';
import { DAY_MS, grant, lend, named } from '../support/delegations.ts';
import { bearer } from '../support/graphql-client.ts';
import { organizationId, providerId } from '../support/graphql-world.ts';
import { post } from '../support/raw-http.ts';
import { auditOf } from '../support/rows.ts';

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
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    const rows = await auditOf(server.database, async () => {
      for (const header of [...headers, ...headers]) answers.push(await ask(header));
    });
    const { granteeAdmin, grantee } = both;
    const inOwnTrail = {
      actor_id: granteeAdmin.actor.id,
      root_provider_id: grantee.rootProviderId,
      organization_id: null,
    };
    const refused = {
      action: 'query.read',
      result: 'FORBIDDEN',
      note: 'x-keyward-delegation',
      ip_address: '127.0.0.1',
    };
    const targets = [ended, expired, pending, elsewhere, unknown].map((ref) => ref.delegationId);
    expect(rows).toMatchObject(rows.map(() => ({ ...inOwnTrail, ...refused })));
    expect(new Set(rows.map(({ target }) => target))).toEqual(new Set([...targets, active.delegationId, null]));
    expect(rows).toHaveLength(7);
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
