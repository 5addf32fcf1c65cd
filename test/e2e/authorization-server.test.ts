import { test as base, describe, expect } from 'vitest';
import { clientWith } from '../support/graphql-client.ts';
import { organizationId } from '../support/graphql-world.ts';
import { type KeySetServer, startKeySetServer } from '../support/key-set-server.ts';
import { createKeyWorld, type Person } from '../support/key-world.ts';
import { tokenOfSession } from '../support/session.ts';
import { startTestServer } from '../support/test-installation.ts';

const test = base
  .extend('keySets', { scope: 'file' }, async ({}, { onCleanup }) => {
    const keySets = await startKeySetServer();
    onCleanup(() => keySets[Symbol.asyncDispose]());
    return keySets;
  })
  .extend('server', { scope: 'file' }, async ({ keySets }, { onCleanup }) => {
    const server = await startTestServer({ allowedPrivateHosts: [new URL(keySets.origin).host] });
    onCleanup(() => server[Symbol.asyncDispose]());
    return server;
  })
  .extend('world', ({ server }) => createKeyWorld(server))
  .extend('as', ({ server, world }) => async (person: Person) => {
    const token = await tokenOfSession(server.services, world.people[person]);
    return clientWith(server.url, { authorization: `Bearer ${token}` });
  });

const FIELDS = 'id name issuer jwksUrl audience isEnabled version createdAt createdByName';
const CREATE = `mutation ($input: CreateAuthorizationServerInput!) {
  createAuthorizationServer(input: $input) { authorizationServer { ${FIELDS} } userErrors { code field } } }`;
const UPDATE = `mutation ($input: UpdateAuthorizationServerInput!) {
  updateAuthorizationServer(input: $input) { authorizationServer { name version } userErrors { code field } } }`;
const change = (name: string, fields: string) => `mutation ($input: AuthorizationServerInput!) {
  ${name}(input: $input) { ${fields} userErrors { code field } } }`;
const LIST = `query ($id: ID!) { organization(id: $id) { authorizationServers { ${FIELDS} } } }`;
const NODE = `query ($id: ID!) { node(id: $id) { ... on AuthorizationServer { ${FIELDS} } } }`;

const newServer = (organization: string, { origin }: KeySetServer, name = 'Company login') => ({
  organizationId: organization,
  ...{ name, issuer: 'https://login.example', audience: 'api', jwksUrl: `${origin}/good` },
});

describe('by GraphQL', () => {
  test('authorization servers are added, listed, changed, switched and deleted', async ({ world, keySets, as }) => {
    const client = await as('orgAdmin');
    const organization = organizationId(world.organization);
    const created = await client.query(CREATE, { input: newServer(organization, keySets) });
    const first = created.at('createAuthorizationServer.authorizationServer');
    expect(first).toEqual({
      id: expect.any(String),
      name: 'Company login',
      issuer: 'https://login.example',
      jwksUrl: `${keySets.origin}/good`,
      audience: 'api',
      isEnabled: true,
      version: 1,
      createdAt: expect.any(String),
      createdByName: world.orgAdmin.displayName,
    });
    const second = await client.query(CREATE, { input: newServer(organization, keySets, 'Next') });
    const [id, nextId] = [created, second].map((answer) =>
      String(answer.at('createAuthorizationServer.authorizationServer.id')),
    );
    const viewer = await as('orgViewer');
    expect((await viewer.query(LIST, { id: organization })).at('organization.authorizationServers')).toEqual([
      first,
      expect.objectContaining({ id: nextId, isEnabled: false }),
    ]);
    expect((await viewer.query(NODE, { id })).at('node')).toEqual(first);
    const update = { authorizationServerId: id, name: 'Renamed', expectedVersion: 1 };
    const updated = await client.query(UPDATE, { input: update });
    expect(updated.at('updateAuthorizationServer.authorizationServer')).toEqual({ name: 'Renamed', version: 2 });
    expect((await client.query(UPDATE, { input: update })).at('updateAuthorizationServer.userErrors')).toEqual([
      { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
    ]);
    const shown = 'authorizationServer { isEnabled }';
    const enable = await client.query(change('enableAuthorizationServer', shown), {
      input: { authorizationServerId: nextId },
    });
    expect(enable.at('enableAuthorizationServer.authorizationServer.isEnabled')).toBe(true);
    expect((await viewer.query(NODE, { id })).at('node.isEnabled')).toBe(false);
    const disable = await client.query(change('disableAuthorizationServer', shown), {
      input: { authorizationServerId: nextId },
    });
    expect(disable.at('disableAuthorizationServer.authorizationServer.isEnabled')).toBe(false);
    const deletion = await client.query(change('deleteAuthorizationServer', 'deletedAuthorizationServerId'), {
      input: { authorizationServerId: id },
    });
    expect(deletion.at('deleteAuthorizationServer.deletedAuthorizationServerId')).toBe(id);
    expect((await viewer.query(NODE, { id })).at('node')).toBeNull();
  });

  test('they are listed for many organizations by one statement, and for nobody who does not see keys', async ({
    server,
    world,
    keySets,
    as,
  }) => {
    await (await as('orgAdmin')).query(CREATE, { input: newServer(organizationId(world.organization), keySets) });
    const list = '{ organizations(first: 50) { nodes { authorizationServers { name } } } }';
    const before = server.logLines.length;
    const answer = await (await as('providerViewer')).query(list);
    expect(answer.text).toContain('Company login');
    const statements = server.logLines.slice(before).filter((line) => line.includes('authorization_server.'));
    expect(statements).toHaveLength(1);
    const foreign = await (await as('foreignAdmin')).query(list);
    expect(foreign.text).not.toContain('Company login');
  });
});
