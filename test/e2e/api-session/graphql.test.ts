import { describe, expect } from 'vitest';
import { isLive, loginBody, openSession, postLogin } from '../../support/api-sessions.ts';
import { organizationId } from '../../support/graphql-world.ts';
import type { KeyWorld, Person } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';
import { anyAddress, test } from '../../support/sign-in-from.ts';

const LIST = `query ($id: ID!, $first: Int, $after: String) { organization(id: $id) { apiSessions(first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  nodes { id username createdAt lastUsedAt expiresAt ipAddress userAgent } } } }`;
const NODE = 'query ($id: ID!) { node(id: $id) { ... on ApiSession { username } } }';
const END = `mutation ($input: EndApiSessionInput!) { endApiSession(input: $input) {
  organization { apiSessions { totalCount } } endedCount userErrors { code message field } } }`;
const END_ALL = `mutation ($input: EndApiSessionsInput!) { endApiSessions(input: $input) {
  organization { apiSessions { totalCount } } endedCount userErrors { code field } } }`;

const target = ({ organization }: KeyWorld) => ({ id: organizationId(organization) });

describe('the sessions of an organization', () => {
  test('are listed with who, when, where from and until when', async ({ server, world, signIn }) => {
    const address = anyAddress();
    await postLogin(server.url, await loginBody(world), address);
    const client = await signIn('orgAdmin');
    const answer = await client.query(LIST, target(world));
    const node = answer.at('organization.apiSessions.nodes.0') as { id: string; username: string; createdAt: string };
    expect(node).toEqual({
      ...{ id: expect.any(String), username: world.people.orgAdmin.username, ipAddress: address, userAgent: null },
      createdAt: expect.any(String),
      lastUsedAt: node.createdAt,
      expiresAt: new Date(Date.parse(node.createdAt) + 5 * 60_000).toISOString(),
    });
    expect((await client.query(NODE, { id: node.id })).at('node.username')).toBe(node.username);
  });

  test('are listed page by page, the newest first, while they live', async ({ server, world, signIn }) => {
    const ids: string[] = [];
    for (let opened = 0; opened < 3; opened++) ids.push(await openSession(server.url, world));
    const client = await signIn('providerSupport');
    const page = async (after: unknown) =>
      (await client.query(LIST, { ...target(world), first: 2, after })).at('organization.apiSessions');
    const first = (await page(null)) as {
      nodes: { createdAt: string }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
      totalCount: number;
    };
    const second = (await page(first.pageInfo.endCursor)) as typeof first;
    expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([3, true, false]);
    const times = [...first.nodes, ...second.nodes].map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
    await server.database.query('update api_key set version = version + 1 where organization_id = $1', [
      world.organization.organizationId,
    ]);
    expect(await page(null)).toMatchObject({ nodes: [], totalCount: 0 });
  });

  test('are shown to those who see the trail, and to nobody else', async ({ server, world, signIn }) => {
    await openSession(server.url, world);
    const seen: Person[] = [
      'orgAdmin',
      'providerAdmin',
      'providerSupport',
      'parentAdmin',
      'platformAdmin',
      'platformSupport',
    ];
    for (const person of seen) {
      const answer = await (await signIn(person)).query(LIST, target(world));
      expect(answer.at('organization.apiSessions.totalCount'), person).toBe(1);
    }
    for (const person of ['orgViewer', 'providerViewer'] as const) {
      const answer = await (await signIn(person)).query(LIST, target(world));
      expect(
        answer.errors.map(({ extensions }) => extensions.code),
        person,
      ).toEqual(['FORBIDDEN']);
    }
    for (const person of ['otherOrgAdmin', 'siblingAdmin', 'foreignAdmin'] as const) {
      expect((await (await signIn(person)).query(LIST, target(world))).at('organization'), person).toBeNull();
    }
  });
});

describe('a session', () => {
  test('is ended by those who manage the key, once and for all', async ({ server, world, signIn }) => {
    const [id, other] = [await openSession(server.url, world), await openSession(server.url, world)];
    const client = await signIn('orgAdmin');
    const [second, first] = (await client.query(LIST, target(world))).at('organization.apiSessions.nodes') as {
      id: string;
    }[];
    const input = { apiSessionId: first?.id, idempotencyKey: 'once' };
    const rows = await auditOf(server.database, async () => {
      for (let times = 0; times < 2; times++) {
        const answer = await client.query(END, { input });
        expect(answer.at('endApiSession')).toEqual({
          organization: { apiSessions: { totalCount: 1 } },
          endedCount: 1,
          userErrors: [],
        });
      }
    });
    expect([await isLive(server.url, id), await isLive(server.url, other)]).toEqual([false, true]);
    expect(rows).toMatchObject([
      { action: 'api_session.end', result: 'OK', actor_id: world.people.orgAdmin.member.id, after: null },
    ]);
    const gone = await client.query(END, { input: { apiSessionId: first?.id } });
    expect(gone.at('endApiSession.userErrors.0')).toMatchObject({
      code: 'NOT_FOUND',
      field: ['input', 'apiSessionId'],
    });
    expect((await client.query(NODE, { id: first?.id })).at('node')).toBeNull();
    expect((await client.query(NODE, { id: second?.id })).at('node')).not.toBeNull();
  });

  test("is nobody else's to end", async ({ server, world, signIn }) => {
    const id = await openSession(server.url, world);
    const client = await signIn('orgAdmin');
    const apiSessionId = (await client.query(LIST, target(world))).at('organization.apiSessions.nodes.0.id');
    for (const person of ['orgViewer', 'providerSupport', 'platformSupport'] as const) {
      const answer = await (await signIn(person)).query(END, { input: { apiSessionId } });
      expect(
        answer.errors.map(({ extensions }) => extensions.code),
        person,
      ).toEqual(['FORBIDDEN']);
    }
    for (const person of ['otherOrgAdmin', 'siblingAdmin', 'foreignAdmin'] as const) {
      const answer = await (await signIn(person)).query(END, { input: { apiSessionId } });
      expect(answer.at('endApiSession.userErrors.0.code'), person).toBe('NOT_FOUND');
    }
    expect(await isLive(server.url, id)).toBe(true);
  });
});

test('all sessions of an organization are ended together', async ({ server, world, signIn }) => {
  const ids = [await openSession(server.url, world), await openSession(server.url, world)];
  const client = await signIn('providerAdmin');
  const rows = await auditOf(server.database, async () => {
    const answer = await client.query(END_ALL, { input: { organizationId: organizationId(world.organization) } });
    expect(answer.at('endApiSessions')).toEqual({
      organization: { apiSessions: { totalCount: 0 } },
      endedCount: 2,
      userErrors: [],
    });
  });
  expect(await Promise.all(ids.map((id) => isLive(server.url, id)))).toEqual([false, false]);
  expect(rows).toMatchObject([
    { action: 'api_session.end_all', result: 'OK', before: { sessionIds: [expect.any(String), expect.any(String)] } },
  ]);
  const again = await client.query(END_ALL, { input: { organizationId: organizationId(world.organization) } });
  expect(again.at('endApiSessions.endedCount')).toBe(0);
  expect(await isLive(server.url, await openSession(server.url, world))).toBe(true);
});
