import { describe, expect } from 'vitest';
import { createTestOrganization } from '../../support/fixtures.ts';
import { addSandboxKey, disableByProvider, emptySlot } from '../../support/key-states.ts';
import { commandInput, commands, readSlot, test } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';

describe('add', () => {
  test('fills an empty slot with a random string that opens, and moves the version by one', async ({ world }) => {
    await emptySlot(world);
    const before = await readSlot(world);
    const ctx = world.as(world.orgAdmin);
    const outcome = await commands.ADD(ctx, commandInput(world.organization));
    const after = await readSlot(world);
    expect(outcome.keyString?.expose()).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(outcome.apiKey).toEqual({ ...world.organization, kind: 'CLOUD_SERVICE' });
    expect(after).toEqual({
      version: before.version + 1,
      keyString: outcome.keyString?.expose(),
      fingerprint: expect.stringMatching(/^[\w-]{43,64}$/),
      lastFour: outcome.keyString?.expose().slice(-4),
      createdAt: ctx.now,
      lastModifiedAt: ctx.now,
      lastModifiedById: world.orgAdmin.id,
      disabledBy: [],
    });
  });

  test('is one audit row with the states before and after', async ({ world }) => {
    await emptySlot(world);
    const { version } = await readSlot(world);
    const ctx = world.as(world.orgAdmin);
    const [row, ...more] = await auditOf(world.keyward.database, () =>
      commands.ADD(ctx, commandInput(world.organization)),
    );
    const after = await readSlot(world);
    const shared = { kind: 'CLOUD_SERVICE', disabledBy: [] };
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      action: 'api_key.add',
      result: 'OK',
      actor_id: world.orgAdmin.id,
      actor_name: world.orgAdmin.displayName,
      actor_role: 'ORG_ADMIN',
      root_provider_id: world.organization.rootProviderId,
      provider_path: [world.tenants.root.serviceProviderId, world.tenants.reseller.serviceProviderId],
      organization_id: world.organization.organizationId,
      target: world.organization.organizationId,
      before: { ...shared, version, status: 'NONE', fingerprint: null },
      after: { ...shared, version: version + 1, status: 'ENABLED', fingerprint: after.fingerprint },
      ip_address: ctx.ipAddress,
      request_id: ctx.requestId,
    });
  });

  test('fills the sandbox slot and leaves the other one alone', async ({ world }) => {
    const before = await readSlot(world);
    await addSandboxKey(world);
    expect(await readSlot(world)).toEqual(before);
    expect(await readSlot(world, 'SANDBOX_SUBMISSION')).toMatchObject({ version: 1, keyString: expect.any(String) });
  });
});

describe('edit', () => {
  test('puts the given string in place of the old one and keeps when the key was created', async ({ world }) => {
    const before = await readSlot(world);
    const ctx = world.as(world.providerAdmin);
    const [row] = await auditOf(world.keyward.database, () =>
      commands.EDIT(ctx, commandInput(world.organization, { newKey: 'zyxWVU987654' })),
    );
    const after = await readSlot(world);
    expect(after).toMatchObject({
      version: before.version + 1,
      keyString: 'zyxWVU987654',
      lastFour: '7654',
      createdAt: before.createdAt,
      lastModifiedAt: ctx.now,
      lastModifiedById: world.providerAdmin.id,
    });
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(row).toMatchObject({
      action: 'api_key.edit',
      result: 'OK',
      before: { version: before.version, status: 'ENABLED', fingerprint: before.fingerprint },
      after: { version: after.version, status: 'ENABLED', fingerprint: after.fingerprint },
    });
  });

  test('by staff is allowed while the key is disabled, and the key stays disabled', async ({ world }) => {
    await disableByProvider(world);
    const [row] = await auditOf(world.keyward.database, () =>
      commands.EDIT(world.as(world.parentAdmin), commandInput(world.organization)),
    );
    expect(await readSlot(world)).toMatchObject({ keyString: 'abcDEF123456', disabledBy: ['SERVICE_PROVIDER'] });
    expect(row).toMatchObject({
      before: { status: 'DISABLED' },
      after: { status: 'DISABLED', disabledBy: ['SERVICE_PROVIDER'] },
    });
  });

  test('gives equal strings of one root equal fingerprints, and of two roots different ones', async ({
    keyward,
    world,
  }) => {
    const { tenants, platformAdmin } = world;
    const fingerprints = await Promise.all(
      [tenants.root, tenants.otherReseller, tenants.foreignRoot].map(async (provider) => {
        const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, provider);
        await commands.EDIT(world.as(platformAdmin), commandInput(organization));
        return (await readSlot({ ...world, organization })).fingerprint;
      }),
    );
    expect(fingerprints[0]).toBe(fingerprints[1]);
    expect(fingerprints[0]).not.toBe(fingerprints[2]);
  });
});

describe('regenerate', () => {
  test('puts a new random string in place of the old one', async ({ world }) => {
    const before = await readSlot(world);
    const ctx = world.as(world.orgAdmin);
    const outcome = await commands.REGENERATE(ctx, commandInput(world.organization));
    const after = await readSlot(world);
    expect(outcome.keyString?.expose()).toBe(after.keyString);
    expect(after.keyString).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(after.keyString).not.toBe(before.keyString);
    expect(after).toMatchObject({ version: before.version + 1, createdAt: before.createdAt, lastModifiedAt: ctx.now });
  });

  test('is one audit row with both fingerprints', async ({ world }) => {
    const before = await readSlot(world);
    const rows = await auditOf(world.keyward.database, () =>
      commands.REGENERATE(world.as(world.orgAdmin), commandInput(world.organization)),
    );
    const after = await readSlot(world);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'api_key.regenerate',
      before: { version: before.version, fingerprint: before.fingerprint },
      after: { version: after.version, fingerprint: after.fingerprint },
    });
  });

  test('works on a sandbox key, which cannot be edited', async ({ world }) => {
    await addSandboxKey(world);
    const before = await readSlot(world, 'SANDBOX_SUBMISSION');
    await commands.REGENERATE(
      world.as(world.orgAdmin),
      commandInput(world.organization, { kind: 'SANDBOX_SUBMISSION' }),
    );
    const after = await readSlot(world, 'SANDBOX_SUBMISSION');
    expect(after.keyString).not.toBe(before.keyString);
  });
});

describe('delete', () => {
  test('empties the slot: nothing of the string is kept', async ({ world }) => {
    const before = await readSlot(world);
    const ctx = world.as(world.orgAdmin);
    const outcome = await commands.DELETE(ctx, commandInput(world.organization));
    expect(outcome.keyString).toBeNull();
    expect(await readSlot(world)).toEqual({
      version: before.version + 1,
      keyString: null,
      fingerprint: null,
      lastFour: null,
      createdAt: null,
      lastModifiedAt: ctx.now,
      lastModifiedById: world.orgAdmin.id,
      disabledBy: [],
    });
  });

  test('is one audit row that ends in status NONE', async ({ world }) => {
    const { version, fingerprint } = await readSlot(world);
    const rows = await auditOf(world.keyward.database, () =>
      commands.DELETE(world.as(world.orgAdmin), commandInput(world.organization)),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'api_key.delete',
      before: { version, status: 'ENABLED', fingerprint },
      after: { version: version + 1, status: 'NONE', fingerprint: null },
    });
  });
});
