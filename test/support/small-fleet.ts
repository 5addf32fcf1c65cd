import { disableApiKey } from '../../src/api-key/api-key.service.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { createTestOrganization, keyInput } from './fixtures.ts';
import { type KeyWorld, type Person, test } from './key-world.ts';

/** With three organizations of the reseller that have a key each. */
export const testWithFleet = test.extend('fleet', ({ world }) => {
  const { platformAdmin, reseller } = world.tenants;
  return Promise.all([1, 2, 3].map(() => createTestOrganization(world.keyward.services, platformAdmin, reseller)));
});

/** Somebody disables the key of each. */
export async function disableAs(world: KeyWorld, person: Person, refs: readonly OrganizationRef[]): Promise<void> {
  for (const ref of refs) {
    await disableApiKey(world.as(world[person]), { ...keyInput(ref), reason: 'SECURITY_INCIDENT', note: null });
  }
}
