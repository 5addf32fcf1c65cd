import { deleteApiKey, disableApiKey, editApiKey } from '../../src/api-key/api-key.service.ts';
import type { RequestContext } from '../../src/context.ts';
import type { OrganizationRef } from '../../src/ids.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { cancelSubscription } from '../../src/subscription/subscription.service.ts';
import { RENEWED, SYNCED } from './bulk-commands.ts';
import { createTestOrganization, keyInput, YEAR_MS } from './fixtures.ts';
import type { KeyWorld, Person } from './key-world.ts';

/** Every state in which a command over many organizations can meet one, and how an organization gets into it. */
export const fleetStates: Readonly<Record<string, (world: KeyWorld) => Promise<OrganizationRef>>> = {
  KEY: (world) => organization(world),
  SAME_STRING: async (world) => {
    const ref = await organization(world);
    await editApiKey(platform(world), { ...keyInput(ref), newKey: new Secret(SYNCED) });
    return ref;
  },
  SAME_END: (world) => organization(world, { endsAt: RENEWED }),
  LATER_END: (world) => organization(world, { endsAt: new Date(RENEWED.getTime() + YEAR_MS) }),
  DELETED: async (world) => {
    const ref = await organization(world);
    await deleteApiKey(platform(world), keyInput(ref));
    return ref;
  },
  DISABLED_BY_PROVIDER: (world) => disabled(world, 'providerAdmin'),
  DISABLED_BY_PLATFORM: (world) => disabled(world, 'platformAdmin'),
  DISABLED_BY_BOTH: (world) => disabled(world, 'platformAdmin', 'parentAdmin'),
  CANCELLED: async (world) => cancelled(world, await organization(world)),
  CANCELLED_AND_DISABLED: async (world) => cancelled(world, await disabled(world, 'providerAdmin')),
  SCHEDULED: (world) => organization(world, { startsAt: new Date(Date.now() + YEAR_MS / 2) }),
  UNSUBSCRIBED: (world) => organization(world, null),
  OUT_OF_SIGHT: ({ keyward, tenants }) =>
    createTestOrganization(keyward.services, tenants.platformAdmin, tenants.foreignRoot),
};

function organization({ keyward, tenants }: KeyWorld, subscription: { startsAt?: Date; endsAt?: Date } | null = {}) {
  return createTestOrganization(keyward.services, tenants.platformAdmin, tenants.reseller, subscription);
}

async function disabled(world: KeyWorld, ...by: readonly Person[]): Promise<OrganizationRef> {
  const ref = await organization(world);
  for (const person of by) {
    await disableApiKey(world.as(world[person]), { ...keyInput(ref), reason: 'SECURITY_INCIDENT', note: null });
  }
  return ref;
}

async function cancelled(world: KeyWorld, ref: OrganizationRef): Promise<OrganizationRef> {
  await cancelSubscription(platform(world), { organization: ref, expectedVersion: null, idempotencyKey: null });
  return ref;
}

function platform(world: KeyWorld): RequestContext {
  return world.as(world.platformAdmin);
}

export function makeFleet(world: KeyWorld, states: readonly string[]): Promise<OrganizationRef[]> {
  return Promise.all(
    states.map((state) => {
      const make = fleetStates[state];
      if (make === undefined) throw new Error(`there is no state ${state}`);
      return make(world);
    }),
  );
}
