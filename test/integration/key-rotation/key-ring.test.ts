import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, vi } from 'vitest';
import type { Services } from '../../../src/context.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { newId, type ServiceProviderId } from '../../../src/ids.ts';
import { insertDataKey } from '../../../src/secrets/data-key.repository.ts';
import { makeDataKey } from '../../../src/secrets/data-key.ts';
import { LocalKeyEncryptionKey } from '../../../src/secrets/key-encryption-key.ts';
import { KeyEncryptionKeys } from '../../../src/secrets/key-encryption-keys.ts';
import { KeyRing } from '../../../src/secrets/key-ring.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import type { TenantKeys } from '../../../src/secrets/tenant-keys.ts';
import { test } from '../../support/key-world.ts';

const older = new LocalKeyEncryptionKey(randomBytes(32));
const newer = new LocalKeyEncryptionKey(randomBytes(32));
const place = 'api-key|root|organization|CLOUD_SERVICE|1';
const secret = new Secret('Sup3rS3cr3tK');

afterEach(() => {
  vi.restoreAllMocks();
});

function keysOf({ database }: Services, ring: KeyRing, root: ServiceProviderId, version?: number): Promise<TenantKeys> {
  return database.withTransaction(PLATFORM_SCOPE, (tx) => ring.of(tx, root, version));
}

async function newRoot({ database }: Services, ring: KeyRing): Promise<ServiceProviderId> {
  const root = newId<'ServiceProvider'>();
  await database.withTransaction(PLATFORM_SCOPE, (tx) => ring.create(tx, root, new Date()));
  return root;
}

/** What a rotation does first, in another process. */
async function addVersion({ database }: Services, keys: KeyEncryptionKeys, root: ServiceProviderId, version: number) {
  const key = await makeDataKey(keys, root, 'ENCRYPTION', version);
  await database.withTransaction(PLATFORM_SCOPE, (tx) => insertDataKey(tx, root, key, new Date()));
}

describe('keys that two key encryption keys have wrapped', () => {
  test('are all there while both are given: the newest seals, each opens its own', async ({
    keyward: { services },
  }) => {
    const before = new KeyRing(new KeyEncryptionKeys(older));
    const root = await newRoot(services, before);
    const sealed = (await keysOf(services, before, root)).seal(secret, place);
    await addVersion(services, new KeyEncryptionKeys(newer), root, 2);
    const keys = await keysOf(services, new KeyRing(new KeyEncryptionKeys(newer, older)), root);
    expect(keys.open(sealed, place).expose()).toBe(secret.expose());
    expect(keys.seal(secret, place).dataKeyVersion).toBe(2);
  });

  test('are not there without one of the two', async ({ keyward: { services } }) => {
    const root = await newRoot(services, new KeyRing(new KeyEncryptionKeys(older)));
    await addVersion(services, new KeyEncryptionKeys(newer), root, 2);
    for (const given of [newer, older, null]) {
      const ring = new KeyRing(new KeyEncryptionKeys(given));
      await expect(keysOf(services, ring, root)).rejects.toMatchObject({ code: 'SECRETS_UNAVAILABLE' });
    }
  });
});

describe('a newer key of another process', () => {
  const keyEncryptionKeys = new KeyEncryptionKeys(newer);

  test('seals here within half a minute, without a look at the database before', async ({ keyward: { services } }) => {
    const clock = vi.spyOn(performance, 'now');
    const start = performance.now();
    const ring = new KeyRing(keyEncryptionKeys);
    const root = await newRoot(services, ring);
    const first = await keysOf(services, ring, root);
    await addVersion(services, keyEncryptionKeys, root, 2);
    clock.mockReturnValue(start + 29_000);
    expect(await keysOf(services, ring, root)).toBe(first);
    clock.mockReturnValue(start + 31_000);
    expect((await keysOf(services, ring, root)).seal(secret, place).dataKeyVersion).toBe(2);
  });

  test('is there at once when a row names it', async ({ keyward: { services } }) => {
    const ring = new KeyRing(keyEncryptionKeys);
    const root = await newRoot(services, ring);
    const first = await keysOf(services, ring, root);
    await addVersion(services, keyEncryptionKeys, root, 2);
    expect(await keysOf(services, ring, root)).toBe(first);
    expect((await keysOf(services, ring, root, 2)).knows(2)).toBe(true);
    expect((await keysOf(services, ring, root)).seal(secret, place).dataKeyVersion).toBe(2);
  });
});
