import { describe, expect, test } from 'vitest';
import { addApiKey, deleteApiKey, disableApiKey, editApiKey, enableApiKey, regenerateApiKey, revealApiKey } from '../../src/api-key/api-key.service.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { contextOf, createStaff, createTenants, createTestOrganization, keyInput } from '../support/fixtures.ts';
import { openTestInstallation } from '../support/test-installation.ts';

describe('one key', () => {
  test('lives its life', async () => {
    await using keyward = await openTestInstallation();
    const { services } = keyward;
    const { platformAdmin, root } = await createTenants(services);
    const org = await createTestOrganization(services, platformAdmin, root);
    const admin = await createStaff(services, 'ORG_ADMIN', org);
    const ctx = contextOf(services, admin.actor);
    const first = await revealApiKey(ctx, keyInput(org));
    expect(first.keyString?.expose()).toMatch(/^[A-Za-z0-9]{12}$/);
    const second = await regenerateApiKey(ctx, keyInput(org));
    expect(second.keyString?.expose()).not.toBe(first.keyString?.expose());
    await editApiKey(ctx, { ...keyInput(org), newKey: new Secret('abcDEF123456') });
    expect((await revealApiKey(ctx, keyInput(org))).keyString?.expose()).toBe('abcDEF123456');
    const support = await createStaff(services, 'PROVIDER_SUPPORT', root);
    await disableApiKey(contextOf(services, support.actor), { ...keyInput(org), reason: 'OTHER', note: 'abuse' });
    await expect(regenerateApiKey(ctx, keyInput(org))).rejects.toMatchObject({ code: 'KEY_DISABLED' });
    await enableApiKey(contextOf(services, support.actor), { ...keyInput(org), note: 'sorted out' });
    await deleteApiKey(ctx, keyInput(org));
    await addApiKey(ctx, keyInput(org));
    const rows = await keyward.database.query('select action, result from audit_event order by at, id');
    console.log(rows.map((r) => Object.values(r).join(' ')));
  });
});
