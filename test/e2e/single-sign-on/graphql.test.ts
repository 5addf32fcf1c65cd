import { describe, expect } from 'vitest';
import { bearer, clientWith, connect } from '../../support/graphql-client.ts';
import { providerId } from '../../support/graphql-world.ts';
import { KEYWARD_CLIENT } from '../../support/identity-provider.ts';
import { test, trust, uniqueAudience } from '../../support/single-sign-on-world.ts';

const FIELDS = `id name issuer audience clientId hasClientSecret roleClaim roleMapping { value role customRoleId } domains
  isEnabled signInUrl redirectUri createdAt serviceProvider { id }`;
const CREATE = `mutation ($input: CreateTrustedIssuerInput!) {
  createTrustedIssuer(input: $input) { trustedIssuer { ${FIELDS} } userErrors { code field message } } }`;
const UPDATE = `mutation ($input: UpdateTrustedIssuerInput!) {
  updateTrustedIssuer(input: $input) { trustedIssuer { ${FIELDS} } userErrors { code field } } }`;
const DELETE = `mutation ($input: DeleteTrustedIssuerInput!) {
  deleteTrustedIssuer(input: $input) { deletedTrustedIssuerId userErrors { code field } } }`;

describe('trusted issuers by GraphQL', () => {
  test('are made, shown, changed and removed', async ({ idp, server, world }) => {
    const client = await connect(server.url, world.people.providerAdmin);
    const serviceProviderId = providerId(world.tenants.reseller);
    const input = {
      serviceProviderId,
      name: 'Company login',
      issuer: idp.issuer,
      audience: uniqueAudience(),
      ...KEYWARD_CLIENT,
      roleClaim: 'roles',
      roleMapping: [{ value: 'admins', role: 'PROVIDER_ADMIN' }],
    };
    const created = await client.query(CREATE, { input });
    expect(created.at('createTrustedIssuer.userErrors')).toEqual([]);
    expect(created.text).not.toContain(KEYWARD_CLIENT.clientSecret);
    const id = String(created.at('createTrustedIssuer.trustedIssuer.id'));
    const shown = {
      id,
      name: 'Company login',
      issuer: idp.issuer,
      audience: input.audience,
      clientId: 'keyward',
      hasClientSecret: true,
      roleClaim: 'roles',
      roleMapping: [{ value: 'admins', role: 'PROVIDER_ADMIN', customRoleId: null }],
      domains: [],
      isEnabled: true,
      signInUrl: `http://keyward.test/auth/sso/${id}`,
      redirectUri: 'http://keyward.test/auth/sso/callback',
      createdAt: expect.stringMatching(/Z$/),
      serviceProvider: { id: serviceProviderId },
    };
    expect(created.at('createTrustedIssuer.trustedIssuer')).toEqual(shown);
    const node = await client.query(`query ($id: ID!) { node(id: $id) { ... on TrustedIssuer { ${FIELDS} } } }`, {
      id,
    });
    expect(node.at('node')).toEqual(shown);
    for (let round = 0; round < 2; round++) {
      const listed = await client.query(`{ trustedIssuers { totalCount nodes { ${FIELDS} } } }`); // the second one is compiled
      expect([listed.at('trustedIssuers.totalCount'), listed.at('trustedIssuers.nodes')]).toEqual([1, [shown]]);
    }

    const renamed = await client.query(UPDATE, { input: { trustedIssuerId: id, name: 'Other', isEnabled: false } });
    expect(renamed.at('updateTrustedIssuer.trustedIssuer')).toEqual({ ...shown, name: 'Other', isEnabled: false });
    const withoutClient = await client.query(UPDATE, { input: { trustedIssuerId: id, clientId: null } });
    expect(withoutClient.at('updateTrustedIssuer.trustedIssuer')).toMatchObject({
      clientId: null,
      hasClientSecret: false,
      signInUrl: null,
    });

    const removed = await client.query(DELETE, { input: { trustedIssuerId: id } });
    expect(removed.at('deleteTrustedIssuer')).toEqual({ deletedTrustedIssuerId: id, userErrors: [] });
    const again = await client.query(DELETE, { input: { trustedIssuerId: id } });
    expect(again.at('deleteTrustedIssuer.userErrors')).toEqual([
      { code: 'NOT_FOUND', field: ['input', 'trustedIssuerId'] },
    ]);
  });

  test('are out of sight of others, as if they were not there', async ({ idp, server, world }) => {
    const { globalId: id } = await trust(world, idp);
    for (const person of ['siblingAdmin', 'foreignAdmin', 'orgAdmin', 'providerViewer'] as const) {
      const client = clientWith(server.url, await bearer(server.url, world.people[person]));
      const node = await client.query('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect([person, node.at('node'), node.errors]).toEqual([person, null, []]);
    }
  });

  test('say what is wrong with a role of the mapping, and where', async ({ idp, server, world }) => {
    const client = await connect(server.url, world.people.providerAdmin);
    const input = {
      serviceProviderId: providerId(world.tenants.reseller),
      name: 'x',
      issuer: idp.issuer,
      audience: uniqueAudience(),
      roleClaim: 'roles',
      roleMapping: [
        { value: 'admins', role: 'PROVIDER_ADMIN' },
        { value: 'ops', role: 'PLATFORM_ADMIN' },
      ],
    };
    const answer = await client.query(CREATE, { input });
    expect(answer.at('createTrustedIssuer.userErrors')).toMatchObject([
      { code: 'VALIDATION_FAILED', field: ['input', 'roleMapping', '1', 'role'] },
    ]);
  });
});
