import { randomBytes } from 'node:crypto';
import { test as base } from 'vitest';
import { createKeyWorld, type KeyWorld } from './key-world.ts';
import { cloneTestDatabase, type TestDatabase } from './test-database.ts';
import { openInstallationOn } from './test-installation.ts';

/** The key encryption key of these worlds. */
export const KEY = randomBytes(32);

/** A test with tenants in a database that no server has been at: it starts those that it wants. */
export const test = base
  .extend('database', async ({}, { onCleanup }): Promise<TestDatabase> => {
    const database = await cloneTestDatabase();
    onCleanup(() => database[Symbol.asyncDispose]());
    return database;
  })
  .extend('world', async ({ database }): Promise<KeyWorld> => {
    await using installation = await openInstallationOn(database, { keyEncryptionKey: KEY });
    return await createKeyWorld(installation);
  });
