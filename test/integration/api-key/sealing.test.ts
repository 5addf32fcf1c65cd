import { describe, expect } from 'vitest';
import { createTestOrganization } from '../../support/fixtures.ts';
import { commandInput, commands, readSlot, test } from '../../support/key-world.ts';
import { readRows } from '../../support/rows.ts';

const MATERIAL = 'ciphertext, data_key_version, key_version, fingerprint, last_four, created_at';

describe('a sealed string', () => {
  test('does not open in another organization', async ({ keyward, world }) => {
    const { tenants } = world;
    const other = await createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller);
    await keyward.database.query(
      `update api_key set (${MATERIAL}) = (select ${MATERIAL} from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE')
       where organization_id = $2 and kind = 'CLOUD_SERVICE'`,
      [world.organization.organizationId, other.organizationId],
    );
    await expect(commands.REVEAL(world.as(world.providerAdmin), commandInput(other))).rejects.toThrow();
    await expect(
      commands.REVEAL(world.as(world.providerAdmin), commandInput(world.organization)),
    ).resolves.toBeDefined();
  });

  test('does not open as another kind, nor as another version of its own slot', async ({ keyward, world }) => {
    const ctx = world.as(world.orgAdmin);
    await commands.ADD(ctx, commandInput(world.organization, { kind: 'SANDBOX_SUBMISSION' }));
    const { organizationId } = world.organization;
    await keyward.database.query(
      `update api_key set (${MATERIAL}) = (select ${MATERIAL} from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE')
       where organization_id = $1 and kind = 'SANDBOX_SUBMISSION'`,
      [organizationId],
    );
    await expect(
      commands.REVEAL(ctx, commandInput(world.organization, { kind: 'SANDBOX_SUBMISSION' })),
    ).rejects.toThrow();
    await keyward.database.query(
      `update api_key set version = version + 1, key_version = key_version + 1 where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
      [organizationId],
    );
    await expect(commands.REVEAL(ctx, commandInput(world.organization))).rejects.toThrow();
  });

  test('that does not open is no audit row and no answer', async ({ keyward, world }) => {
    await keyward.database.query(
      `update api_key set ciphertext = '\\x00' where organization_id = $1 and ciphertext is not null`,
      [world.organization.organizationId],
    );
    const before = await readRows(keyward.database, []);
    await expect(
      commands.REVEAL(world.as(world.orgAdmin), commandInput(world.organization)),
    ).rejects.not.toHaveProperty('extensions');
    expect(await readRows(keyward.database, [])).toEqual(before);
  });

  test('is sealed anew, and so different, each time it is written', async ({ keyward, world }) => {
    const ctx = world.as(world.orgAdmin);
    const ciphertexts = new Set<string>();
    for (const newKey of ['abcDEF123456', 'abcDEF654321', 'abcDEF123456']) {
      await commands.EDIT(ctx, commandInput(world.organization, { newKey }));
      const [row] = await keyward.database.query<{ hex: string }>(
        `select encode(ciphertext, 'hex') as hex from api_key where organization_id = $1 and kind = 'CLOUD_SERVICE'`,
        [world.organization.organizationId],
      );
      ciphertexts.add(row?.hex ?? '');
    }
    expect(ciphertexts.size).toBe(3);
    expect((await readSlot(world)).keyString).toBe('abcDEF123456');
  });
});
