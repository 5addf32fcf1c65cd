import { describe, expect } from 'vitest';
import { createOrganization } from '../../src/organization/organization.service.ts';
import { createServiceProvider } from '../../src/service-provider/service-provider.service.ts';
import { startDueSubscriptions } from '../../src/subscription/start-subscriptions.service.ts';
import { applySubscription } from '../../src/subscription/subscription.service.ts';
import { refusalOf } from '../support/expect-refusal.ts';
import { contextOf, createTestOrganization, uniqueName } from '../support/fixtures.ts';
import { commandInput, commands, type KeyWorld, readSlot } from '../support/key-world.ts';
import { KEY, test } from '../support/rotation-world.ts';
import { auditOf } from '../support/rows.ts';
import { offer } from '../support/subscriptions.ts';
import { openInstallationOn } from '../support/test-installation.ts';

/** The same tenants, served by a process that was given no key. */
async function withoutKey({ keyward }: KeyWorld) {
  const without = await openInstallationOn(keyward.database, { keyEncryptionKey: null });
  const close = () => without[Symbol.asyncDispose]();
  return { services: without.services, [Symbol.asyncDispose]: close };
}

describe('without the key encryption key', () => {
  test.for(['ADD', 'EDIT', 'REGENERATE', 'REVEAL'] as const)(
    '%s is refused, which is written down, and nothing changes',
    async (action, { world }) => {
      await using without = await withoutKey(world);
      const before = await readSlot(world);
      const kind = action === 'ADD' ? 'SANDBOX_SUBMISSION' : 'CLOUD_SERVICE';
      const ctx = contextOf(without.services, world.providerAdmin);
      const rows = await auditOf(world.keyward.database, async () => {
        const refusal = await refusalOf(() => commands[action](ctx, commandInput(world.organization, { kind })));
        expect(refusal.code).toBe('SECRETS_UNAVAILABLE');
        expect(refusal.message).toContain('operator');
        expect(refusal.isTopLevel).toBe(false);
      });
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({
        result: 'SECRETS_UNAVAILABLE',
        organization_id: world.organization.organizationId,
        actor_id: world.providerAdmin.id,
      });
      expect(await readSlot(world)).toEqual(before);
    },
  );

  test('a key is disabled, enabled and deleted, and an organization created', async ({ world }) => {
    await using without = await withoutKey(world);
    const ctx = contextOf(without.services, world.providerAdmin);
    for (const action of ['DISABLE', 'ENABLE', 'DELETE'] as const) {
      await commands[action](ctx, commandInput(world.organization));
    }
    expect(await readSlot(world)).toMatchObject({ version: 4, keyString: null, disabledBy: [] });
    const created = await createOrganization(ctx, {
      serviceProvider: world.tenants.reseller,
      name: uniqueName('Organization'),
      externalId: null,
      idempotencyKey: null,
    });
    expect(created.rootProviderId).toBe(world.tenants.root.rootProviderId);
  });

  test('what would be refused anyway is refused for that reason, but not under an idempotency key', async ({
    world,
  }) => {
    await using without = await withoutKey(world);
    const ctx = contextOf(without.services, world.providerAdmin);
    const input = commandInput(world.organization);
    expect((await refusalOf(() => commands.ENABLE(ctx, input))).code).toBe('NOT_DISABLED');
    const keyed = { ...input, idempotencyKey: 'one' };
    const rows = await auditOf(world.keyward.database, async () => {
      expect((await refusalOf(() => commands.ENABLE(ctx, keyed))).code).toBe('SECRETS_UNAVAILABLE');
    });
    expect(rows.map(({ result }) => result)).toEqual(['SECRETS_UNAVAILABLE']);
    // It was not kept as the answer to that idempotency key: with the encryption key the command runs.
    await commands.DISABLE(world.as(world.providerAdmin), keyed);
    expect((await readSlot(world)).disabledBy).toEqual(['SERVICE_PROVIDER']);
  });

  test('a root provider, and a subscription that begins with a key, leave nothing behind', async ({ world }) => {
    await using without = await withoutKey(world);
    const ctx = contextOf(without.services, world.platformAdmin);
    const name = uniqueName('Provider');
    const provider = { name, parent: null, baseUrl: null, idempotencyKey: null };
    expect((await refusalOf(() => createServiceProvider(ctx, provider))).code).toBe('SECRETS_UNAVAILABLE');
    const { services } = world.keyward;
    const organization = await createTestOrganization(services, world.tenants.platformAdmin, world.tenants.root, null);
    const subscribe = () => applySubscription(ctx, offer(organization));
    expect((await refusalOf(subscribe)).code).toBe('SECRETS_UNAVAILABLE');
    await createServiceProvider(world.as(world.platformAdmin), provider);
    await applySubscription(world.as(world.platformAdmin), offer(organization));
  });

  test('a scheduled subscription waits for the key without a word, and then starts', async ({ world }) => {
    const { services } = world.keyward;
    const startsAt = new Date(Date.now() + 3_600_000);
    const later = new Date(startsAt.getTime() + 60_000);
    const { platformAdmin, reseller } = world.tenants;
    const organization = await createTestOrganization(services, platformAdmin, reseller, { startsAt });
    await using without = await withoutKey(world);
    expect(await startDueSubscriptions(without.services, later)).toBe(0);
    expect(await startDueSubscriptions(services, later)).toBe(1);
    expect((await readSlot({ ...world, organization })).keyString).not.toBeNull();
  });
});

describe('a database that was first opened without a key', () => {
  test('gets its keys at the next start with one', async ({ world }) => {
    const { database } = world.keyward;
    await database.query(`delete from data_key where root_provider_id = '00000000-0000-0000-0000-000000000000'`);
    const count = async () => {
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from data_key where root_provider_id = '00000000-0000-0000-0000-000000000000'`,
      );
      return row?.count;
    };
    {
      await using without = await withoutKey(world);
      expect(await count()).toBe(0);
      const ctx = contextOf(without.services, world.platformAdmin);
      const keyed = commandInput(world.organization, { idempotencyKey: 'one' });
      expect((await refusalOf(() => commands.DISABLE(ctx, keyed))).code).toBe('SECRETS_UNAVAILABLE');
    }
    await using withKey = await openInstallationOn(database, { keyEncryptionKey: KEY });
    expect(await count()).toBe(2);
    const ctx = contextOf(withKey.services, world.platformAdmin);
    await commands.DISABLE(ctx, commandInput(world.organization, { idempotencyKey: 'one' }));
  });
});
