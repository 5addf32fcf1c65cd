import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { openAuditSigningKey } from '../../../src/audit/audit-keys.ts';
import { rotateSecrets } from '../../../src/key-rotation/rotate-secrets.service.ts';
import { LocalKeyEncryptionKey } from '../../../src/secrets/key-encryption-key.ts';
import { SetupError } from '../../../src/setup-error.ts';
import { commandInput, commands, createKeyWorld, readSlot } from '../../support/key-world.ts';
import { KEY, readDataKeys, readStrings, test } from '../../support/rotation-world.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

const NEW_KEY = randomBytes(32);
const idOf = (key: Buffer) => new LocalKeyEncryptionKey(key).id;

describe('a new key encryption key', () => {
  test('beside the previous one reads and writes everything; after a rotation it does so alone', async ({ world }) => {
    const { database } = world.keyward;
    const strings = await readStrings(database, world.keyward.services);
    {
      await using both = await openInstallationOn(database, {
        keyEncryptionKey: NEW_KEY,
        previousKeyEncryptionKey: KEY,
      });
      expect(await readStrings(database, both.services)).toEqual(strings);
      const inBoth = await createKeyWorld(both); // new root providers under the new key, beside those under the old one
      await commands.REGENERATE(inBoth.as(inBoth.providerAdmin), commandInput(inBoth.organization));
      expect(new Set((await readDataKeys(database)).map(({ kek }) => kek))).toEqual(
        new Set([idOf(KEY), idOf(NEW_KEY)]),
      );
      const wrappedByOld = (await readDataKeys(database)).filter(({ kek }) => kek === idOf(KEY)).length;
      expect(await rotateSecrets(both.services)).toMatchObject({ rewrapped: wrappedByOld, resealed: 2 });
    }
    expect(new Set((await readDataKeys(database)).map(({ kek }) => kek))).toEqual(new Set([idOf(NEW_KEY)]));
    await using alone = await openInstallationOn(database, { keyEncryptionKey: NEW_KEY });
    expect(await readStrings(database, alone.services)).toEqual(expect.arrayContaining(strings));
  });

  test('without the previous one stops the start, before a rotation; the previous one alone does, after it', async ({
    world,
  }) => {
    const { database } = world.keyward;
    const openWith = async (keyEncryptionKey: Buffer) => {
      await using _ = await openInstallationOn(database, { keyEncryptionKey });
    };
    await expect(openWith(NEW_KEY)).rejects.toThrow(SetupError);
    {
      await using both = await openInstallationOn(database, {
        keyEncryptionKey: NEW_KEY,
        previousKeyEncryptionKey: KEY,
      });
      await rotateSecrets(both.services);
    }
    await expect(openWith(KEY)).rejects.toThrow(/KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY/);
    await openWith(NEW_KEY);
  });

  test('may wrap anew while servers run that know both', async ({ world }) => {
    const { services, database } = world.keyward;
    await using server = await openInstallationOn(database, {
      keyEncryptionKey: KEY,
      previousKeyEncryptionKey: NEW_KEY,
    });
    await using both = await openInstallationOn(database, { keyEncryptionKey: NEW_KEY, previousKeyEncryptionKey: KEY });
    const strings = await readStrings(database, server.services);
    await rotateSecrets(both.services);
    expect(await readStrings(database, server.services)).toEqual(strings);
    // One that knows the old key alone can say why it cannot, once what it has in memory is out of date.
    await expect(readStrings(database, services)).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' });
  });

  test('takes over the key that signs the audit trail', async ({ world }) => {
    const { services, database } = world.keyward;
    const before = await openAuditSigningKey(services, new Date());
    {
      await using both = await openInstallationOn(database, {
        keyEncryptionKey: NEW_KEY,
        previousKeyEncryptionKey: KEY,
      });
      await rotateSecrets(both.services);
    }
    await using alone = await openInstallationOn(database, { keyEncryptionKey: NEW_KEY });
    expect((await openAuditSigningKey(alone.services, new Date()))?.id).toBe(before?.id);
  });
});

describe('a rotation without a key', () => {
  test('is refused in one line', async ({ world }) => {
    await using without = await openInstallationOn(world.keyward.database, { keyEncryptionKey: null });
    await expect(rotateSecrets(without.services)).rejects.toThrow(SetupError);
    expect((await readSlot(world)).keyString).not.toBeNull();
  });
});
