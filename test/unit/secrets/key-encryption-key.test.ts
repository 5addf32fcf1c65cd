import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LocalKeyEncryptionKey } from '../../../src/secrets/key-encryption-key.ts';
import { flippedBits } from './flipped-bits.ts';

const key = randomBytes(32);
const keyEncryptionKey = new LocalKeyEncryptionKey(key);
const dataKey = randomBytes(32);
const context = 'data-key|root|ENCRYPTION|1';

describe('a wrapped data key', () => {
  test('is given back to the same key and context, by another process too', async () => {
    const wrapped = await keyEncryptionKey.wrap(dataKey, context);
    expect(await keyEncryptionKey.unwrap(wrapped, context)).toEqual(dataKey);
    expect(await new LocalKeyEncryptionKey(Buffer.from(key)).unwrap(wrapped, context)).toEqual(dataKey);
  });

  test('does not show the data key, nor twice the same', async () => {
    const wrapped = await keyEncryptionKey.wrap(dataKey, context);
    expect(wrapped.includes(dataKey)).toBe(false);
    expect(await keyEncryptionKey.wrap(dataKey, context)).not.toEqual(wrapped);
  });

  test('is refused to another key', async () => {
    const wrapped = await keyEncryptionKey.wrap(dataKey, context);
    await expect(new LocalKeyEncryptionKey(randomBytes(32)).unwrap(wrapped, context)).rejects.toThrow();
  });

  test.each(['data-key|other|ENCRYPTION|1', 'data-key|root|FINGERPRINT|1', 'data-key|root|ENCRYPTION|2', ''])(
    'is refused for another root provider, purpose or version: %j',
    async (other) => {
      const wrapped = await keyEncryptionKey.wrap(dataKey, context);
      await expect(keyEncryptionKey.unwrap(wrapped, other)).rejects.toThrow();
    },
  );

  test('is refused when any one bit of it was flipped', async () => {
    const boxes = flippedBits(await keyEncryptionKey.wrap(dataKey, context));
    const results = await Promise.allSettled(boxes.map((box) => keyEncryptionKey.unwrap(box, context)));
    expect(boxes).toHaveLength((12 + 32 + 16) * 8);
    expect(results.filter(({ status }) => status !== 'rejected')).toEqual([]);
  });
});

describe('the id of a key encryption key', () => {
  test('is the same for the same key and another for every other', () => {
    expect(new LocalKeyEncryptionKey(Buffer.from(key)).id).toBe(keyEncryptionKey.id);
    const ids = flippedBits(key).map((other) => new LocalKeyEncryptionKey(other).id);
    expect(new Set([keyEncryptionKey.id, ...ids]).size).toBe(1 + 256);
  });

  test('is all that it prints', () => {
    const printed = [
      inspect(keyEncryptionKey, { showHidden: true, depth: null }),
      JSON.stringify(keyEncryptionKey),
    ].join();
    expect(printed).toContain(keyEncryptionKey.id);
    expect(printed).not.toContain(key.toString('hex', 0, 4));
    expect(printed).not.toContain(inspect(key).slice(8, 30));
  });
});
