import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LocalKeyEncryptionKey } from '../../../src/secrets/key-encryption-key.ts';
import { KeyEncryptionKeys } from '../../../src/secrets/key-encryption-keys.ts';

const older = new LocalKeyEncryptionKey(randomBytes(32));
const newer = new LocalKeyEncryptionKey(randomBytes(32));
const plain = randomBytes(32);
const context = 'data-key|root|ENCRYPTION|1';

const before = new KeyEncryptionKeys(older);
const between = new KeyEncryptionKeys(newer, older);
const after = new KeyEncryptionKeys(newer);
const without = new KeyEncryptionKeys(null);

describe('a new key encryption key beside the previous one', () => {
  test('unwraps what either has wrapped, and wraps by itself alone', async () => {
    const [old, fresh] = [await before.wrap(plain, context), await between.wrap(plain, context)];
    expect([old.keyEncryptionKeyId, fresh.keyEncryptionKeyId]).toEqual([older.id, newer.id]);
    expect(await between.unwrap(old, context)).toEqual(plain);
    expect(await between.unwrap(fresh, context)).toEqual(plain);
    expect(between.currentId).toBe(newer.id);
  });

  test('wraps anew what the previous one has wrapped: then that one is not needed', async () => {
    const rewrapped = await between.rewrap(await before.wrap(plain, context), context);
    expect(await after.unwrap(rewrapped, context)).toEqual(plain);
    await expect(before.unwrap(rewrapped, context)).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' });
  });

  test('does not take the one for the other when a row names the wrong one', async () => {
    const old = await before.wrap(plain, context);
    await expect(between.unwrap({ ...old, keyEncryptionKeyId: newer.id }, context)).rejects.not.toHaveProperty(
      'code',
      'SECRETS_UNAVAILABLE',
    );
    await expect(between.rewrap(old, 'data-key|other|ENCRYPTION|1')).rejects.toThrow();
  });

  test('may be the same key twice', async () => {
    const same = new KeyEncryptionKeys(newer, newer);
    expect(await same.unwrap(await same.wrap(plain, context), context)).toEqual(plain);
  });
});

describe('without a key encryption key', () => {
  test('everything is refused, and the refusal says what the operator must do', async () => {
    const wrapped = await before.wrap(plain, context);
    for (const call of [without.wrap(plain, context), without.unwrap(wrapped, context)]) {
      await expect(call).rejects.toMatchObject({
        code: 'SECRETS_UNAVAILABLE',
        message: expect.stringContaining('KEYWARD_KEY_ENCRYPTION_KEY'),
      });
    }
    expect(without.currentId).toBeNull();
    expect(without.has(older.id)).toBe(false);
  });
});
