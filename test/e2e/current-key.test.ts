import { describe, expect } from 'vitest';
import { newId } from '../../src/ids.ts';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { revokeServiceAccount } from '../../src/service-account/service-account.service.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { askForKey, openFetcher, rotateAsPlanned } from '../support/current-keys.ts';
import { uniqueName } from '../support/fixtures.ts';
import { nameOrganization } from '../support/gateway-client.ts';
import { bearer } from '../support/graphql-client.ts';
import { organizationId } from '../support/graphql-world.ts';
import {
  addSandboxKey,
  disableByPlatform,
  disableByProvider,
  emptySlot,
  endSubscription,
} from '../support/key-states.ts';
import { commandInput, commands, type KeyWorld, readSlot } from '../support/key-world.ts';
import { allowOverlap } from '../support/rotation-policies.ts';
import { auditOf } from '../support/rows.ts';
import { createTestServiceAccount, tokenOf } from '../support/service-accounts.ts';
import { test as base } from '../support/sign-in-from.ts';
import { offer } from '../support/subscriptions.ts';
import type { TestServer } from '../support/test-installation.ts';

const test = base.extend('fetcher', ({ server, world }) => openFetcher(server, world));

const nothingHere = { code: 'NOT_FOUND', message: 'Nothing with this id exists here. Check the id.' };

async function regenerate(world: KeyWorld): Promise<void> {
  await commands.REGENERATE(world.as(world.providerAdmin), commandInput(world.organization));
}

/** With a token of a new account of this place. */
async function headersOf(
  { services, url }: TestServer,
  world: KeyWorld,
  place: Parameters<typeof createTestServiceAccount>[2],
  permissions: readonly string[],
  scope?: string,
) {
  const account = await createTestServiceAccount(services, world.parentAdmin, place, permissions);
  return { authorization: `Bearer ${await tokenOf(url, account, scope)}` };
}

describe('GET /v1/keys/current', () => {
  test('gives the string as it is now, for nobody to keep', async ({ world, fetcher }) => {
    const { status, headers, body } = await fetcher.fetch();
    const { keyString, version, lastModifiedAt } = await readSlot(world);
    expect([status, body]).toEqual([
      200,
      {
        apiKey: keyString,
        kind: 'CLOUD_SERVICE',
        version,
        lastModifiedAt: lastModifiedAt?.toISOString(),
        overlapEndsAt: null,
      },
    ]);
    expect(headers.get('cache-control')).toBe('private, no-store');
    await regenerate(world);
    const next = await fetcher.fetch();
    expect(next.body.apiKey).toBe((await readSlot(world)).keyString);
    expect(next.body.version).toBeGreaterThan(version);
    expect(next.headers.get('etag')).not.toBe(headers.get('etag'));
  });

  test('says nothing to whoever has the string, until there is another one', async ({ server, world, fetcher }) => {
    const etag = (await fetcher.fetch()).headers.get('etag') ?? '';
    const again = () => fetcher.fetch(undefined, { 'if-none-match': etag });
    const rows = await auditOf(server.database, async () => {
      const answer = await again();
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', etag]);
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
    });
    expect(rows).toEqual([]);
    await disableByProvider(world); // it is the same string all the same
    expect((await again()).status).toBe(304);
    await commands.ENABLE(world.as(world.providerSupport), commandInput(world.organization));
    await regenerate(world);
    expect((await again()).status).toBe(200);
  });

  test('is about the kind that is asked for', async ({ world, fetcher }) => {
    const sandbox = `organization=${organizationId(world.organization)}&kind=SANDBOX_SUBMISSION`;
    expect(await fetcher.fetch(sandbox)).toMatchObject({ status: 404, codes: ['KEY_NOT_FOUND'] });
    await addSandboxKey(world);
    const { body } = await fetcher.fetch(sandbox);
    expect(body).toMatchObject({
      kind: 'SANDBOX_SUBMISSION',
      apiKey: (await readSlot(world, 'SANDBOX_SUBMISSION')).keyString,
    });
  });

  test('shows what a reveal shows: also a disabled key, and one that is not paid for', async ({ world, fetcher }) => {
    const { keyString } = await readSlot(world);
    await disableByProvider(world);
    await disableByPlatform(world);
    await endSubscription(world);
    expect((await fetcher.fetch()).body.apiKey).toBe(keyString);
  });

  test('has nothing to show of an empty slot, not even to whoever had its string', async ({ world, fetcher }) => {
    const etag = (await fetcher.fetch()).headers.get('etag') ?? '';
    await emptySlot(world);
    for (const known of ['', etag, '*']) {
      expect(await fetcher.fetch(undefined, { 'if-none-match': known })).toMatchObject({
        status: 404,
        codes: ['KEY_NOT_FOUND'],
      });
    }
  });

  test('tells until when the old string works as well', async ({ world, fetcher }) => {
    await allowOverlap(world, world.tenants.reseller);
    await rotateAsPlanned(world, 60);
    const { body } = await fetcher.fetch();
    expect(body.apiKey).toBe((await readSlot(world)).keyString);
    const minutes = (Date.parse(body.overlapEndsAt ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(58);
    expect(minutes).toBeLessThan(61);
    await regenerate(world);
    expect((await fetcher.fetch()).body.overlapEndsAt).toBeNull();
  });
});

describe('in the audit trail', () => {
  test('each string is one row for each service account at one address', async ({ server, world, fetcher }) => {
    const other = await openFetcher(server, world);
    const ten = (by: typeof fetcher) => Promise.all(Array.from({ length: 10 }, () => by.fetch()));
    const rows = await auditOf(server.database, async () => {
      await Promise.all([ten(fetcher), ten(other)]);
      await ten(fetcher);
    });
    expect(rows.map(({ actor_id }) => actor_id).sort()).toEqual([fetcher.account.id, other.account.id].sort());
    const { version, fingerprint } = await readSlot(world);
    expect(rows[0]).toMatchObject({
      action: 'api_key.reveal',
      result: 'OK',
      organization_id: world.organization.organizationId,
      before: { version, fingerprint },
      after: null,
    });
    await regenerate(world);
    expect(await auditOf(server.database, () => ten(fetcher))).toHaveLength(1);
  });

  test('a string is a row again for each network that it is fetched from', async ({ server, world, fetcher }) => {
    const from = (address: string) => fetcher.fetch(undefined, { 'x-forwarded-for': address });
    const rows = await auditOf(server.database, async () => {
      for (const address of ['192.0.2.1', '198.51.100.7', '192.0.2.1', '2001:db8::1', '2001:db8::2', '198.51.100.7']) {
        expect((await from(address)).status).toBe(200);
      }
      await regenerate(world);
      await from('198.51.100.7');
    });
    const told = rows.filter(({ action }) => action === 'api_key.reveal').map(({ ip_address }) => ip_address);
    expect(told).toEqual(['192.0.2.1', '198.51.100.7', '2001:db8::1', '198.51.100.7']);
  });

  test('of very many networks the last are remembered, and no row is missing', async ({ server, fetcher }) => {
    const all = Array.from({ length: 25 }, (_, index) => `198.51.100.${index}`);
    const again = [...all.slice(5), ...all.slice(0, 5)];
    const rows = await auditOf(server.database, async () => {
      for (const address of [...all, ...again]) await fetcher.fetch(undefined, { 'x-forwarded-for': address });
    });
    expect(rows.map(({ ip_address }) => ip_address)).toEqual([...all, ...all.slice(0, 5)]);
    const [noted] = await server.database.query<{ networks: string[] }>(
      'select networks from api_key_fetch where service_account_id = $1',
      [fetcher.account.id],
    );
    expect(noted?.networks).toHaveLength(20);
  });

  test('a person has a row for each', async ({ server, world }) => {
    const headers = await bearer(server.url, world.people.orgAdmin);
    const query = `organization=${organizationId(world.organization)}`;
    const rows = await auditOf(server.database, async () => {
      for (let count = 0; count < 2; count++) {
        expect((await askForKey(server.url, query, headers)).status).toBe(200);
      }
    });
    expect(rows.map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ['api_key.reveal', world.orgAdmin.id],
      ['api_key.reveal', world.orgAdmin.id],
    ]);
  });

  test('a refusal is a row where it belongs', async ({ server, world }) => {
    const headers = await headersOf(server, world, world.organization, ['apiKey:view']);
    const query = `organization=${organizationId(world.organization)}`;
    const rows = await auditOf(server.database, async () => {
      expect(await askForKey(server.url, query, headers)).toMatchObject({ status: 403, codes: ['FORBIDDEN'] });
    });
    const { organizationId: id } = world.organization;
    expect(rows).toMatchObject([{ action: 'api_key.reveal', result: 'FORBIDDEN', organization_id: id, target: id }]);
  });
});

describe('who may not have it', () => {
  test('is told the same of what is out of sight as of what does not exist', async ({ server, world, fetcher }) => {
    const missing = { ...world.organization, organizationId: newId<'Organization'>() };
    const externalId = await nameOrganization(world);
    const foreign = await createTestServiceAccount(server.services, world.foreignAdmin, world.tenants.foreignRoot, [
      'apiKey:reveal',
    ]);
    const headers = { authorization: `Bearer ${await tokenOf(server.url, foreign)}` };
    for (const name of [organizationId(missing), organizationId(world.organization), externalId, 'nobody']) {
      const answer = await askForKey(server.url, `organization=${encodeURIComponent(name)}`, headers);
      expect([answer.status, answer.body]).toMatchObject([404, nothingHere]);
    }
    const neighbour = world.people.otherOrgAdmin.member.organizationId;
    if (neighbour === null) throw new Error('somebody of an organization has one');
    const beside = organizationId({ ...world.organization, organizationId: neighbour });
    expect((await fetcher.fetch(`organization=${beside}`)).body).toMatchObject(nothingHere);
  });

  test('nobody without a token, with a revoked account or with a token of less', async ({ server, world, fetcher }) => {
    const query = `organization=${organizationId(world.organization)}`;
    expect(await askForKey(server.url, query, {})).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] });
    const held = ['apiKey:reveal', 'apiKey:view'];
    const less = await headersOf(server, world, world.tenants.reseller, held, 'apiKey:view');
    expect(await askForKey(server.url, query, less)).toMatchObject({ status: 403, codes: ['FORBIDDEN'] });
    await revokeServiceAccount(world.as(world.orgAdmin), { id: fetcher.account.id, idempotencyKey: null });
    expect((await fetcher.fetch()).status).toBe(401);
  });

  test('nobody of the platform', async ({ server, world }) => {
    const headers = await bearer(server.url, world.people.platformAdmin);
    const query = `organization=${organizationId(world.organization)}`;
    expect(await askForKey(server.url, query, headers)).toMatchObject({ status: 403, codes: ['FORBIDDEN'] });
  });
});

describe('an organization is named', () => {
  test("by its provider's number, of which the nearest is meant", async ({ server, world }) => {
    const externalId = await nameOrganization(world);
    const headers = await headersOf(server, world, world.tenants.root, ['apiKey:reveal']);
    const fetch = () => askForKey(server.url, `organization=${externalId}`, headers);
    expect((await fetch()).body.apiKey).toBe((await readSlot(world)).keyString);
    const named = async (serviceProvider: typeof world.tenants.root) => {
      const ctx = world.as(world.platformAdmin);
      const name = uniqueName('Organization');
      const organization = await createOrganization(ctx, { serviceProvider, name, externalId, idempotencyKey: null });
      await applySubscription(world.as(world.platformAdmin), offer(organization));
      return readSlot({ ...world, organization });
    };
    await named(world.tenants.otherReseller);
    expect((await fetch()).body).toMatchObject(nothingHere); // two are equally near
    const { keyString } = await named(world.tenants.root);
    expect((await fetch()).body.apiKey).toBe(keyString);
  });

  test.for([
    ['', 'organization'],
    ['organization=', 'organization'],
    ['organization=a&organization=b', 'organization'],
    [`organization=${'x'.repeat(201)}`, 'organization'],
    ['organization=%00', 'organization'],
    ['organization=%ff%fe', null],
    ['organization=x&kind=cloud_service', 'kind'],
    ['organization=x&kind=', 'kind'],
    ['organization=x&version=1', 'parameters'],
  ] as const)('as one, and not by %s', async ([query, field], { fetcher }) => {
    const { status, text, codes } = await fetcher.fetch(query);
    if (field === null) return expect([400, 404]).toContain(status);
    expect([status, codes]).toEqual([400, ['VALIDATION_FAILED']]);
    expect(text).toContain(field);
  });
});

test('no row, no string', async ({ server, world, fetcher }) => {
  await server.database.query('revoke insert on audit_event from keyward_runtime');
  try {
    const { status, text } = await fetcher.fetch();
    expect(status).toBe(500);
    expect(text).not.toContain((await readSlot(world)).keyString);
    const noted = await server.database.query('select from api_key_fetch where service_account_id = $1', [
      fetcher.account.id,
    ]);
    expect(noted).toEqual([]);
  } finally {
    await server.database.query('grant insert on audit_event to keyward_runtime');
  }
});
