import { test as base } from 'vitest';
import { lockSlot } from '../../src/api-key/api-key.repository.ts';
import type { ApiKeyKind } from '../../src/api-key/api-key.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import type { Services } from '../../src/context.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { createTestOrganization } from './fixtures.ts';
import { commandInput, commands, createKeyWorld, type KeyWorld } from './key-world.ts';
import type { TestDatabase } from './test-database.ts';
import { openTestInstallation } from './test-installation.ts';

/** An installation for each test: a rotation is of the whole of it. */
export const test = base
  .extend('keyward', async ({}, { onCleanup }) => {
    const keyward = await openTestInstallation({ keyEncryptionKey: KEY });
    onCleanup(() => keyward[Symbol.asyncDispose]());
    return keyward;
  })
  .extend('world', ({ keyward }) => createKeyWorld(keyward));

/** The key encryption key of these installations, so that another process may open them too. */
export const KEY = Buffer.alloc(32, 'key');

/** More organizations with a key of each kind, of both root providers. */
export async function addOrganizations(world: KeyWorld, count: number): Promise<OrganizationRef[]> {
  const { tenants, keyward } = world;
  const places = [tenants.root, tenants.reseller, tenants.foreignRoot];
  const organizations: OrganizationRef[] = [];
  for (let index = 0; index < count; index++) {
    const place = places[index % places.length] ?? tenants.root;
    const organization = await createTestOrganization(keyward.services, tenants.platformAdmin, place);
    await commands.ADD(world.as(world.platformAdmin), commandInput(organization, { kind: 'SANDBOX_SUBMISSION' }));
    organizations.push(organization);
  }
  return organizations;
}

/** Every slot but its ciphertext and data key version, as PostgreSQL writes it. */
export async function readSlotsUnsealed(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ slot: string }>(
    `select (to_jsonb(k) - 'ciphertext' - 'data_key_version')::text as slot from api_key k order by 1`,
  );
  return rows.map(({ slot }) => slot);
}

export interface KeyString extends OrganizationRef {
  readonly kind: ApiKeyKind;
  readonly text: string;
}

/** Every string that is kept, opened. */
export async function readStrings(database: TestDatabase, services: Services): Promise<KeyString[]> {
  const filled = await database.query<OrganizationRef & { kind: ApiKeyKind }>(
    `select root_provider_id as "rootProviderId", organization_id as "organizationId", kind from api_key
     where ciphertext is not null order by 1, 2, 3`,
  );
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const strings: KeyString[] = [];
    for (const ref of filled) {
      const slot = await lockSlot(tx, ref);
      const keyString = slot === null ? null : await openKeyString(services, tx, slot);
      if (keyString === null) throw new Error('a filled slot has a string');
      strings.push({ ...ref, text: keyString.expose() });
    }
    return strings;
  });
}

export interface DataKeyRow {
  readonly root: string;
  readonly purpose: string;
  readonly version: number;
  readonly kek: string;
  readonly wrapped: string;
}

export function readDataKeys(database: TestDatabase): Promise<DataKeyRow[]> {
  return database.query<DataKeyRow & Record<string, unknown>>(
    `select root_provider_id as root, purpose, version, key_encryption_key_id as kek, encode(wrapped, 'hex') as wrapped
     from data_key order by 1, 2, 3`,
  );
}

/** How many sealed strings each version of a data key holds. */
export async function countByVersion(database: TestDatabase): Promise<Record<number, number>> {
  const rows = await database.query<{ version: number; count: number }>(
    `select data_key_version as version, count(*)::int as count from api_key
     where data_key_version is not null group by 1`,
  );
  return Object.fromEntries(rows.map(({ version, count }) => [version, count]));
}
