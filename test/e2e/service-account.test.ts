import { describe, expect } from 'vitest';
import { encodeActorId } from '../../src/graphql/global-id.ts';
import type { Permission } from '../../src/identity/permissions.ts';
import { addServiceAccountSecret } from '../../src/service-account/service-account-secret.service.ts';
import { clientWith } from '../support/graphql-client.ts';
import { test as base, organizationId, providerId } from '../support/graphql-world.ts';
import { auditOf } from '../support/rows.ts';
import { askForToken, createTestServiceAccount, tokenOf } from '../support/service-accounts.ts';
import { statementsOf } from '../support/statements.ts';
import { answerTo, REFUSED } from '../support/tokens.ts';

/** A client that acts as a service account of the organization, with these permissions. */
const test = base.extend('connectAs', ({ server, world }) => async (...permissions: Permission[]) => {
  const account = await createTestServiceAccount(server.services, world.orgAdmin, world.organization, permissions);
  const token = await tokenOf(server.url, account);
  return { account, token, client: clientWith(server.url, { authorization: `Bearer ${token}` }) };
});

const HOLDS = [200, undefined, 'SERVICE_ACCOUNT'];

const CREATE = `mutation ($input: CreateServiceAccountInput!) {
  createServiceAccount(input: $input) {
    clientSecret
    serviceAccount {
      id clientId name permissions createdAt lastUsedAt lastUsedAddress revokedAt
      createdBy { id displayName } serviceProvider { id } organization { id } secrets { id createdAt lastUsedAt }
    }
    userErrors { code field }
  }
}`;
const ADD_SECRET = `mutation ($input: ServiceAccountInput!) {
  addServiceAccountSecret(input: $input) { clientSecret serviceAccount { secrets { id } } userErrors { code field } }
}`;
const REVOKE_SECRET = `mutation ($input: RevokeServiceAccountSecretInput!) {
  revokeServiceAccountSecret(input: $input) { serviceAccount { secrets { id } } userErrors { code field } }
}`;
const REVOKE = `mutation ($input: ServiceAccountInput!) {
  revokeServiceAccount(input: $input) { serviceAccount { revokedAt secrets { id } } userErrors { code field } }
}`;

describe('by GraphQL', () => {
  test('a service account is created, gets a second secret, loses the first, and is revoked', async ({
    server,
    world,
    signIn,
  }) => {
    const client = await signIn('providerAdmin');
    const input = {
      name: 'Dashboard',
      organizationId: organizationId(world.organization),
      permissions: ['apiKey:view'],
      idempotencyKey: 'dashboard',
    };
    const created = await client.query(CREATE, { input });
    expect(created.at('createServiceAccount')).toEqual({
      clientSecret: expect.stringMatching(/^kws_/),
      serviceAccount: {
        id: expect.any(String),
        clientId: expect.stringMatching(/^kwsa_/),
        name: 'Dashboard',
        permissions: ['apiKey:view'],
        createdAt: expect.any(String),
        lastUsedAt: null,
        lastUsedAddress: null,
        revokedAt: null,
        createdBy: { id: encodeActorId(world.providerAdmin.id), displayName: world.providerAdmin.displayName },
        serviceProvider: { id: providerId(world.tenants.reseller) },
        organization: { id: organizationId(world.organization) },
        secrets: [{ id: expect.any(String), createdAt: expect.any(String), lastUsedAt: null }],
      },
      userErrors: [],
    });
    const replay = await client.query(CREATE, { input });
    expect(replay.at('createServiceAccount')).toEqual({
      ...(created.at('createServiceAccount') as object),
      clientSecret: null,
    });
    const serviceAccountId = created.at('createServiceAccount.serviceAccount.id');
    const first = created.at('createServiceAccount.serviceAccount.secrets.0.id');
    const added = await client.query(ADD_SECRET, { input: { serviceAccountId } });
    const second = added.at('addServiceAccountSecret.serviceAccount.secrets.1.id');
    expect(added.at('addServiceAccountSecret.serviceAccount.secrets')).toEqual([{ id: first }, { id: second }]);
    const third = await client.query(ADD_SECRET, { input: { serviceAccountId } });
    expect(third.at('addServiceAccountSecret')).toEqual({
      clientSecret: null,
      serviceAccount: null,
      userErrors: [{ code: 'LIMIT_REACHED', field: ['input', 'serviceAccountId'] }],
    });
    const revokedSecret = await client.query(REVOKE_SECRET, { input: { secretId: first } });
    expect(revokedSecret.at('revokeServiceAccountSecret')).toEqual({
      serviceAccount: { secrets: [{ id: second }] },
      userErrors: [],
    });
    const { status } = await askForToken(server.url, {
      grant_type: 'client_credentials',
      client_id: String(created.at('createServiceAccount.serviceAccount.clientId')),
      client_secret: String(added.at('addServiceAccountSecret.clientSecret')),
    });
    expect(status).toBe(200);
    const revoked = await client.query(REVOKE, { input: { serviceAccountId } });
    expect(revoked.at('revokeServiceAccount')).toEqual({
      serviceAccount: { revokedAt: expect.any(String), secrets: [] },
      userErrors: [],
    });
  });

  test('those in sight are listed in a fixed number of statements, and are nodes to whoever manages them', async ({
    server,
    world,
    signIn,
  }) => {
    const { services } = server;
    const make = () => createTestServiceAccount(services, world.orgAdmin, world.organization);
    await make();
    const client = await signIn('orgAdmin');
    const LIST = `{ serviceAccounts(first: 10, filter: { isActive: true }) {
      totalCount nodes { __typename id name serviceProvider { name } organization { name } secrets { id } }
    } }`;
    const statements = async () => {
      const sent = await statementsOf(server, () => client.query(LIST));
      return sent.filter((statement) => statement !== 'staff_session.find_member');
    };
    const few = await statements();
    expect(few).toContain('service_account.page');
    const { name } = await make();
    await make();
    expect(await statements()).toEqual(few);
    const list = await client.query(LIST);
    expect(list.at('serviceAccounts.totalCount')).toBe(3);
    const accounts = list.at('serviceAccounts.nodes') as { id: string; name: string; secrets: { id: string }[] }[];
    const one = accounts.find((account) => account.name === name);
    const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
    for (const [id, type] of [
      [one?.id, 'ServiceAccount'],
      [one?.secrets[0]?.id, 'ServiceAccountSecret'],
    ]) {
      expect((await client.query(NODE, { id })).at('node')).toEqual({ __typename: type, id });
      for (const person of ['orgViewer', 'otherOrgAdmin', 'siblingAdmin', 'foreignAdmin'] as const) {
        const stranger = await signIn(person);
        expect((await stranger.query(NODE, { id })).at('node')).toBeNull();
      }
    }
  });
});

describe('a service account', () => {
  test('is a viewer like any other, with its own permissions and place', async ({ world, connectAs }) => {
    const { account, client } = await connectAs('apiKey:view', 'audit:view');
    const answer = await client.query(
      '{ viewer { id displayName role permissions serviceProvider { id } organization { id } } organizations(first: 5) { nodes { id } } }',
    );
    expect(answer.at('viewer')).toEqual({
      id: encodeActorId(account.id),
      displayName: account.name,
      role: 'SERVICE_ACCOUNT',
      permissions: ['apiKey:view', 'audit:view'],
      serviceProvider: { id: providerId(world.tenants.reseller) },
      organization: { id: organizationId(world.organization) },
    });
    expect(answer.at('organizations.nodes')).toEqual([{ id: organizationId(world.organization) }]);
  });

  test('does what it may, once under one idempotency key, and stands in the audit trail', async ({
    server,
    world,
    connectAs,
  }) => {
    const { account, client } = await connectAs('apiKey:view', 'apiKey:manage');
    const REGENERATE = `mutation ($input: ApiKeyInput!) { regenerateApiKey(input: $input) { apiKey { version } userErrors { code } } }`;
    const input = { organizationId: organizationId(world.organization), idempotencyKey: 'rotate-1' };
    const rows = await auditOf(server.database, async () => {
      const [first, again] = [await client.query(REGENERATE, { input }), await client.query(REGENERATE, { input })];
      expect(first.at('regenerateApiKey.userErrors')).toEqual([]);
      expect(again.at('regenerateApiKey')).toEqual(first.at('regenerateApiKey'));
    });
    expect(rows).toMatchObject([
      {
        action: 'api_key.regenerate',
        result: 'OK',
        actor_id: account.id,
        actor_name: account.name,
        actor_role: 'SERVICE_ACCOUNT',
        organization_id: world.organization.organizationId,
      },
    ]);
  });

  test('does nothing that it may not, though its creator may', async ({ world, connectAs }) => {
    const { client } = await connectAs('apiKey:view');
    const input = { organizationId: organizationId(world.organization) };
    const refused = await client.query(
      'mutation ($input: ApiKeyInput!) { deleteApiKey(input: $input) { userErrors { code } } }',
      {
        input,
      },
    );
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const list = await client.query('{ serviceAccounts { totalCount } }');
    expect(list.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('that manages staff hands out no more than it holds, nor than its token does', async ({ server, world }) => {
    const { services, url } = server;
    const held = ['apiKey:view', 'apiKey:manage', 'staff:manage'];
    const account = await createTestServiceAccount(services, world.orgAdmin, world.organization, held);
    const create = async (permission: string, scope?: string) => {
      const token = await tokenOf(url, account, scope);
      const input = { name: 'x', organizationId: organizationId(world.organization), permissions: [permission] };
      const answer = await clientWith(url, { authorization: `Bearer ${token}` }).query(CREATE, { input });
      return answer.errors[0]?.extensions.code ?? answer.at('createServiceAccount.userErrors');
    };
    expect(await create('apiKey:manage')).toEqual([]);
    expect(await create('apiKey:reveal')).toBe('FORBIDDEN');
    expect(await create('apiKey:manage', 'apiKey:view staff:manage')).toBe('FORBIDDEN');
    expect(await create('apiKey:view', 'apiKey:view')).toBe('FORBIDDEN');
  });
});

describe('at once', () => {
  test('a revoked account is refused: the very next request, whatever it holds', async ({
    server,
    signIn,
    connectAs,
  }) => {
    const client = await signIn('orgAdmin');
    const { account, token } = await connectAs('apiKey:view');
    for (let request = 0; request < 3; request++) expect(await answerTo(server, token)).toEqual(HOLDS);
    await client.query(REVOKE, { input: { serviceAccountId: encodeActorId(account.id) } });
    expect(await answerTo(server, token)).toEqual(REFUSED);
    await expect(tokenOf(server.url, account)).rejects.toThrow('401');
  });

  test('the tokens of a revoked secret are refused, and those of the other hold', async ({
    server,
    world,
    signIn,
    connectAs,
  }) => {
    const client = await signIn('orgAdmin');
    const { account, token } = await connectAs('apiKey:view');
    const { clientSecret } = await addServiceAccountSecret(world.as(world.orgAdmin), {
      id: account.id,
      idempotencyKey: null,
    });
    const newToken = await tokenOf(server.url, { ...account, clientSecret: clientSecret?.expose() ?? '' });
    expect([await answerTo(server, token), await answerTo(server, newToken)]).toEqual([HOLDS, HOLDS]);
    const id = encodeActorId(account.id);
    const node = await client.query('query ($id: ID!) { node(id: $id) { ... on ServiceAccount { secrets { id } } } }', {
      id,
    });
    await client.query(REVOKE_SECRET, { input: { secretId: node.at('node.secrets.0.id') } });
    expect([await answerTo(server, token), await answerTo(server, newToken)]).toEqual([REFUSED, HOLDS]);
  });

  test('fewer permissions count, for tokens that were given out before too', async ({ server, connectAs }) => {
    const { account, client } = await connectAs('apiKey:view', 'audit:view');
    const permissions = async () => (await client.query('{ viewer { permissions } }')).at('viewer.permissions');
    expect(await permissions()).toEqual(['apiKey:view', 'audit:view']);
    await server.database.query(`update service_account set permissions = '{audit:view,staff:manage}' where id = $1`, [
      account.id,
    ]);
    expect(await permissions()).toEqual(['audit:view']);
  });

  test('costs one read a request', async ({ server, connectAs }) => {
    const { client } = await connectAs('apiKey:view');
    await client.query('{ viewer { id } }');
    const statements = await statementsOf(server, async () => {
      for (let request = 0; request < 3; request++) await client.query('{ viewer { id } }');
    });
    expect(statements).toEqual(Array(3).fill('service_account.find_by_secret'));
  });
});
