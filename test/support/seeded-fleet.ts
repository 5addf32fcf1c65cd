import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { findSlots, lockSlot } from '../../src/api-key/api-key.repository.ts';
import type { ApiKeyRef, ApiKeySlot } from '../../src/api-key/api-key-slot.ts';
import { openKeyString } from '../../src/api-key/key-material.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import type { DemoCredentials } from '../../src/seed/credentials-file.ts';
import { isEmpty, type SeedOptions, seedDemo } from '../../src/seed/seed-demo.ts';
import { temporaryDirectory } from './keyward-process.ts';
import { openTestInstallation, type TestInstallation } from './test-installation.ts';

export interface SeededFleet extends AsyncDisposable {
  readonly keyward: TestInstallation;
  /** Holds the credentials file and nothing else. */
  readonly folder: string;
  /** What it was seeded with. */
  readonly options: SeedOptions;
  readonly credentials: DemoCredentials;
}

/** The demo fleet by the role that the application works as: row-level security and grants hold for the seed too. */
export async function openSeededFleet(): Promise<SeededFleet> {
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(await temporaryDirectory());
  const keyward = cleanup.use(await openTestInstallation());
  const options = {
    now: new Date(),
    url: 'http://localhost:4000',
    credentialsFile: join(folder, 'demo-credentials.json'),
  };
  expect(await isEmpty(keyward.services)).toBe(true);
  const credentials = await seedDemo(keyward.services, options);
  const kept = cleanup.move();
  return { keyward, folder, options, credentials, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** A test with a demo fleet for its file, which it leaves as it is. */
export const test = base.extend('fleet', { scope: 'file' }, async ({}, { onCleanup }) => {
  const fleet = await openSeededFleet();
  onCleanup(() => fleet[Symbol.asyncDispose]());
  return fleet;
});

export function findFleetSlots({ keyward }: SeededFleet, refs: readonly ApiKeyRef[]): Promise<ApiKeySlot[]> {
  return keyward.services.database.read(PLATFORM_SCOPE, (tx) => findSlots(tx, refs));
}

export async function allSlots(fleet: SeededFleet): Promise<ApiKeySlot[]> {
  const refs = await fleet.keyward.database.query<ApiKeyRef>(
    'select root_provider_id as "rootProviderId", organization_id as "organizationId", kind from api_key',
  );
  const slots = await findFleetSlots(fleet, refs);
  expect(slots).toHaveLength(refs.length);
  return slots;
}

/** How many slots open, and to what is told of them. */
export async function countOpening(
  { keyward: { services } }: SeededFleet,
  refs: readonly ApiKeyRef[],
): Promise<number> {
  return services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    let opening = 0;
    for (const ref of refs) {
      const slot = await lockSlot(tx, ref);
      const keyString = slot && (await openKeyString(services, tx, slot));
      if (slot === null || keyString === null) continue;
      const keys = await services.keyRing.of(tx, slot.rootProviderId);
      if (keys.fingerprint(keyString) === slot.fingerprint && keyString.lastFour === slot.lastFour) opening++;
    }
    return opening;
  });
}
