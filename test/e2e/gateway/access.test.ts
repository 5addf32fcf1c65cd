import { describe, expect } from 'vitest';
import { createOrganization } from '../../../src/organization/organization.service.ts';
import { revokeServiceAccount } from '../../../src/service-account/service-account.service.ts';
import { revokeServiceAccountSecret } from '../../../src/service-account/service-account-secret.service.ts';
import { applySubscription } from '../../../src/subscription/subscription.service.ts';
import { createTestOrganization, uniqueName } from '../../support/fixtures.ts';
import { credentialsOf, gatewayWith, globalIdOf, openGateway } from '../../support/gateways.ts';
import { bearer } from '../../support/graphql-client.ts';
import { test as base } from '../../support/graphql-world.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { post } from '../../support/raw-http.ts';
import { createTestServiceAccount, tokenOf } from '../../support/service-accounts.ts';
import { offer } from '../../support/subscriptions.ts';

const test = base.extend('gateway', ({ server, world }) =>
  openGateway(server, world.providerAdmin, world.tenants.reseller),
);

/** A world about another organization, with a key, that its provider knows by that number. */
async function named(world: KeyWorld, at: 'root' | 'reseller' | 'otherReseller' | 'foreignRoot', externalId: string) {
  const ctx = world.as(world.platformAdmin);
  const serviceProvider = world.tenants[at];
  const name = uniqueName('Organization');
  const organization = await createOrganization(ctx, { serviceProvider, name, externalId, idempotencyKey: null });
  await applySubscription(ctx, offer(organization));
  const { organization: id, key } = await credentialsOf({ ...world, organization });
  return { id, key };
}

describe('a gateway', () => {
  test('sees the organizations of its provider and of the resellers below it, and no others', async ({
    server,
    world,
  }) => {
    const { root, reseller, otherReseller, foreignRoot, platformAdmin } = world.tenants;
    const places = [root, reseller, otherReseller, foreignRoot];
    const credentials = await Promise.all(
      places.map(async (place) => {
        const organization = await createTestOrganization(server.services, platformAdmin, place);
        return credentialsOf({ ...world, organization });
      }),
    );
    const seenFrom = async (place: typeof root | 'PLATFORM') => {
      const gateway = await openGateway(server, world.platformAdmin, place);
      const answers = await Promise.all(credentials.map((each) => gateway.verify(each)));
      return answers.map(({ body }) => body.code === 'VALID' && body.organizationId !== null);
    };
    expect(await seenFrom(root)).toEqual([true, true, true, false]);
    expect(await seenFrom(reseller)).toEqual([false, true, false, false]);
    expect(await seenFrom(otherReseller)).toEqual([false, false, true, false]);
    expect(await seenFrom(foreignRoot)).toEqual([false, false, false, true]);
    expect(await seenFrom('PLATFORM')).toEqual([true, true, true, true]);
  });

  test('is told the same of what it does not see as of what does not exist, and leaves no trace there', async ({
    server,
    world,
    gateway,
  }) => {
    const { foreignRoot, otherReseller, platformAdmin } = world.tenants;
    const { key } = await credentialsOf(world);
    const missing = await gateway.verify({ organization: 'missing', key });
    for (const place of [foreignRoot, otherReseller]) {
      const organization = await createTestOrganization(server.services, platformAdmin, place);
      const answer = await gateway.verify(await credentialsOf({ ...world, organization }));
      expect([answer.status, answer.text]).toEqual([missing.status, missing.text]);
      const sql = 'select from usage_counter where organization_id = $1';
      expect(await server.database.query(sql, [organization.organizationId])).toEqual([]);
    }
  });

  test('may name an organization by the number that its provider has for it, the nearest one', async ({
    server,
    world,
  }) => {
    const atRoot = await named(world, 'root', 'both');
    const below = await named(world, 'reseller', 'both');
    const [one, other] = [await named(world, 'reseller', 'twice'), await named(world, 'otherReseller', 'twice')];
    const foreign = await named(world, 'foreignRoot', 'foreign');
    const gateway = await openGateway(server, world.parentAdmin, world.tenants.root);
    const ask = async (organization: string, key: string) => (await gateway.verify({ organization, key })).body;
    for (const callsUsed of [1, 2]) {
      expect(await ask('both', atRoot.key)).toMatchObject({
        code: 'VALID',
        organizationId: atRoot.id,
        callsUsed,
      });
    }
    expect((await ask('both', below.key)).code).toBe('NOT_FOUND');
    for (const { key } of [one, other]) expect((await ask('twice', key)).code).toBe('NOT_FOUND');
    expect((await ask('foreign', foreign.key)).code).toBe('NOT_FOUND');
    const reseller = await openGateway(server, world.providerAdmin, world.tenants.reseller);
    expect((await reseller.verify({ organization: 'both', key: below.key })).body.code).toBe('VALID');
    expect((await reseller.verify({ organization: 'twice', key: one.key })).body.code).toBe('VALID');
    const platform = await openGateway(server, world.platformAdmin, 'PLATFORM');
    expect((await platform.verify({ organization: 'both', key: atRoot.key })).body.code).toBe('NOT_FOUND');
  });

  test('is refused at once when its account, or that secret of it, is revoked', async ({ server, world }) => {
    const { services, url } = server;
    const { reseller } = world.tenants;
    const { rootProviderId } = reseller;
    const credentials = await credentialsOf(world);
    const ctx = world.as(world.providerAdmin);
    const [one, other] = await Promise.all(
      [1, 2].map(() => createTestServiceAccount(services, world.providerAdmin, reseller, ['gateway:verify'])),
    );
    if (one === undefined || other === undefined) throw new Error('two accounts were made');
    const gateways = [gatewayWith(url, await tokenOf(url, one)), gatewayWith(url, await tokenOf(url, other))];
    const statuses = () => Promise.all(gateways.map(async (each) => (await each.verify(credentials)).status));
    expect(await statuses()).toEqual([200, 200]);
    await revokeServiceAccount(ctx, { id: one.id, idempotencyKey: null });
    expect(await statuses()).toEqual([401, 200]);
    const [secret] = await server.database.query<{ id: string }>(
      'select id from service_account_secret where service_account_id = $1',
      [other.id],
    );
    const ref = { rootProviderId, secretId: secret?.id as never };
    await revokeServiceAccountSecret(ctx, { secret: ref, idempotencyKey: null });
    expect(await statuses()).toEqual([401, 401]);
  });

  test('is a service account with gateway:verify, and nobody else', async ({ server, world }) => {
    const { url, services } = server;
    const { reseller } = world.tenants;
    const credentials = await credentialsOf(world);
    const several = await createTestServiceAccount(services, world.providerAdmin, reseller, [
      'gateway:verify',
      'apiKey:view',
    ]);
    const dashboard = await createTestServiceAccount(services, world.providerAdmin, reseller, ['apiKey:view']);
    const person = (await bearer(url, world.people.providerAdmin)).authorization.slice('Bearer '.length);
    for (const [token, status] of [
      [await tokenOf(url, several), 200],
      [await tokenOf(url, several, 'apiKey:view'), 403],
      [await tokenOf(url, dashboard), 403],
      [person, 403],
      [`${person.slice(0, -4)}AAAA`, 401],
      ['x', 401],
    ] as const) {
      expect((await gatewayWith(url, token).verify(credentials)).status).toBe(status);
    }
    expect((await post(`${url}/v1/keys/verify`, JSON.stringify(credentials))).status).toBe(401);
    const used = 'select used::int from usage_counter where organization_id = $1';
    expect(await server.database.query(used, [world.organization.organizationId])).toEqual([{ used: 1 }]);
  });
});

describe('a request', () => {
  test('that is malformed is refused, and counts for nothing', async ({ server, world, gateway }) => {
    const credentials = await credentialsOf(world);
    for (const more of [
      { organization: undefined },
      { organization: '' },
      { organization: 'a\0b' },
      { organization: 'x'.repeat(201) },
      { organization: 7 },
      { key: null },
      { key: ['x'] },
      { key: 'lone \ud800 surrogate' },
      { kind: 'OTHER' },
      { cost: 0 },
      { cost: -1 },
      { cost: 1.5 },
      { cost: '1' },
      { cost: 1_000_001 },
      { cost: Number.MAX_SAFE_INTEGER },
      { address: 'somewhere' },
      { address: 'fe80::1%eth0' },
    ]) {
      const answer = await gateway.verify({ ...credentials, ...more });
      expect([more, answer.status, answer.body.code]).toEqual([more, 400, 'VALIDATION_FAILED']);
    }
    for (const [body, status] of [
      ['', 400],
      ['[]', 400],
      ['null', 400],
      ['{', 400],
      [JSON.stringify({ ...credentials, more: 'x'.repeat(5000) }), 413],
    ] as const) {
      const headers = { authorization: `Bearer ${gateway.token}` };
      const answer = await post(`${server.url}/v1/keys/verify`, body, headers);
      expect(answer.status).toBe(status);
      expect(answer.text).not.toMatch(/\d{4}/); // a bound that is not this route's
    }
    const used = 'select used from usage_counter where organization_id = $1';
    expect(await server.database.query(used, [world.organization.organizationId])).toEqual([]);
  });

  test('about a wrong key takes the same statements as one about no organization', async ({
    server,
    world,
    gateway,
  }) => {
    const { organization } = await credentialsOf(world);
    const externalId = uniqueName('known');
    const known = await named(world, 'reseller', externalId);
    await gateway.verify({ organization, key: 'warm' });
    const statementsOf = async (asked: object) => {
      const from = server.logLines.length;
      await gateway.verify({ ...asked });
      return server.logLines
        .slice(from)
        .flatMap((line) => /"statement":"((?:gateway|usage_counter)\.[^"]+)"/.exec(line)?.[1] ?? []);
    };
    const key = 'abcDEF123456';
    const missing = globalIdOf({ ...world.organization, organizationId: world.organization.rootProviderId as never });
    expect(await statementsOf({ organization, key })).toEqual(await statementsOf({ organization: missing, key }));
    expect(await statementsOf({ organization: externalId, key })).toEqual(
      await statementsOf({ organization: 'unknown', key }),
    );
    expect((await gateway.verify({ organization: externalId, key: known.key })).body.code).toBe('VALID');
  });

  test('never leaves its key in a log', async ({ server, world, gateway }) => {
    const { organization } = await credentialsOf(world);
    await gateway.verify({ organization, key: 'typedWRONG12' });
    expect(server.logLines.filter((line) => line.includes('typedWRONG12'))).toEqual([]);
  });
});
