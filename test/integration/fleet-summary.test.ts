import { expect } from 'vitest';
import { disablementSourceNames } from '../../src/api-key/api-key.ts';
import type { RequestContext } from '../../src/context.ts';
import { countOrganizations } from '../../src/fleet/fleet.service.ts';
import { type FleetFilter, WHOLE_FLEET } from '../../src/fleet/fleet.ts';
import { summarizeFleet } from '../../src/fleet/fleet-summary.service.ts';
import { NIL_ID, type ServiceProviderRef } from '../../src/ids.ts';
import { fleetStates, makeFleet } from '../support/fleet-states.ts';
import { test as base } from '../support/key-world.ts';

const DAY_MS = 86_400_000;
const AGES_DAYS = [0, 29, 31, 89, 91, 181, 364, 366, 4000];
const ENDS_DAYS = [1, 8, 13, 20, 29, 31, 400];

/** Every state that there is, keys of every age, and subscriptions that end sooner or later. */
const test = base.extend('fleet', { scope: 'test' }, async ({ world }) => {
  await makeFleet(world, Object.keys(fleetStates));
  const plain = await makeFleet(
    world,
    [...AGES_DAYS, ...ENDS_DAYS].map(() => 'KEY'),
  );
  const { database } = world.keyward;
  const at = (days: number) => new Date(Date.now() + days * DAY_MS);
  for (const [index, days] of AGES_DAYS.entries()) {
    await database.query('update api_key set last_modified_at = $2 where organization_id = $1', [
      plain[index]?.organizationId,
      at(-days),
    ]);
  }
  for (const [index, days] of ENDS_DAYS.entries()) {
    await database.query('update subscription set ends_at = $2 where organization_id = $1', [
      plain[AGES_DAYS.length + index]?.organizationId,
      at(days),
    ]);
  }
  return plain;
});

/** Counts one by one what a summary counts at once. */
async function countedOneByOne(ctx: RequestContext, serviceProvider: ServiceProviderRef | null) {
  const { subscriptionsEnding, keyAges, thresholdsUsed } = await summarizeFleet(ctx, serviceProvider);
  const count = async (filter: Partial<FleetFilter>) =>
    (await countOrganizations(ctx, null, { ...WHOLE_FLEET, serviceProvider, ...filter }))[0];
  const [enabledCount, disabledCount, emptyCount] = await Promise.all(
    (['ENABLED', 'DISABLED', 'NONE'] as const).map((status) => count({ apiKeyStatus: [status] })),
  );
  const ends = subscriptionsEnding.map(async ({ days, before }) => ({
    days,
    before,
    count: await count({ subscriptionStatus: ['ACTIVE'], subscriptionEndsBefore: before }),
  }));
  const ages = keyAges.map(async ({ since, before }) => ({
    since,
    before,
    count: await count({ keyModifiedSince: since, keyModifiedBefore: before }),
  }));
  const sources = disablementSourceNames.map(async (source) => ({
    source,
    count: await count({ disablementSource: [source] }),
  }));
  return {
    organizationCount: await count({}),
    enabledCount,
    disabledCount,
    emptyCount,
    disabledBy: await Promise.all(sources),
    subscriptionsEnding: await Promise.all(ends),
    keyAges: await Promise.all(ages),
    thresholdsUsed: await Promise.all(
      thresholdsUsed.map(async ({ percent }) => ({
        percent,
        count: await count({ thresholdUsedPercentAtLeast: percent }),
      })),
    ),
  };
}

const people = ['platformAdmin', 'parentAdmin', 'providerAdmin', 'providerViewer', 'orgAdmin'] as const;

test.for(people)('says to a %s what the list counts, each number by its filter', async (person, { world, fleet }) => {
  expect(fleet).not.toEqual([]);
  const ctx = world.as(world[person]);
  const summary = await summarizeFleet(ctx, null);
  expect(summary).toEqual(await countedOneByOne(ctx, null));
  const { organizationCount, enabledCount, disabledCount, emptyCount } = summary;
  expect(enabledCount + disabledCount + emptyCount).toBe(organizationCount);
  expect(organizationCount).toBe(person === 'orgAdmin' ? 1 : organizationCount);
});

test('tells all ages and all ends apart', async ({ world, fleet }) => {
  const { reseller } = world.tenants;
  expect(fleet).toHaveLength(AGES_DAYS.length + ENDS_DAYS.length);
  const { keyAges, subscriptionsEnding } = await summarizeFleet(world.as(world.parentAdmin), reseller);
  expect(keyAges.slice(1).map(({ count }) => count)).toEqual([2, 1, 2, 2]);
  expect(keyAges.map(({ since, before }) => [since === null, before === null])).toEqual([
    [false, true],
    ...Array.from({ length: 3 }, () => [false, false]),
    [true, false],
  ]);
  expect(subscriptionsEnding.map(({ days, count }) => [days, count])).toEqual([
    [7, 1],
    [14, 3],
    [30, 5],
  ]);
});

test('of a provider is that of its subtree; of one out of sight, or of none, is nothing', async ({ world, fleet }) => {
  expect(fleet).not.toEqual([]);
  const { root, reseller, foreignRoot } = world.tenants;
  const ctx = world.as(world.parentAdmin);
  const all = await summarizeFleet(ctx, null);
  expect(await summarizeFleet(ctx, root)).toEqual(all);
  expect(await summarizeFleet(ctx, reseller)).toEqual(await countedOneByOne(ctx, reseller));
  const none = await summarizeFleet(ctx, { rootProviderId: NIL_ID, serviceProviderId: NIL_ID });
  expect(none).toMatchObject({ organizationCount: 0, enabledCount: 0, disabledCount: 0, emptyCount: 0 });
  expect(await summarizeFleet(ctx, foreignRoot)).toEqual(none);
  expect(await summarizeFleet(world.as(world.providerAdmin), root)).toEqual(none);
});

test('is not told to whoever may see no keys', async ({ world }) => {
  const nobody = { ...world.providerViewer, permissions: new Set<never>() };
  await expect(async () => summarizeFleet(world.as(nobody), null)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
