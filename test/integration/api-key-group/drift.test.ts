import { describe, expect } from 'vitest';
import { findApiKeyDrift } from '../../../src/api-key-group/api-key-group.service.ts';
import { countOrganizations, listFleet } from '../../../src/fleet/fleet.service.ts';
import { type FleetFilter, WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { ServiceProviderRef } from '../../../src/ids.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { fingerprintOf, insertHolders } from '../../support/shared-strings.ts';

function hold(world: KeyWorld, provider: ServiceProviderRef, strings: readonly (string | null)[]) {
  const path = [...new Set([provider.rootProviderId, provider.serviceProviderId])];
  return insertHolders(world.keyward.database, provider, path, strings);
}

async function driftOf(world: KeyWorld, actor: Actor, provider: ServiceProviderRef) {
  const drift = await findApiKeyDrift(world.as(actor), provider);
  if (drift === null) return null;
  const { largestGroup, driftedCount, emptyCount } = drift;
  return [largestGroup?.fingerprint ?? null, largestGroup?.organizationCount ?? 0, driftedCount, emptyCount];
}

async function found(world: KeyWorld, actor: Actor, filter: Partial<FleetFilter>): Promise<string[]> {
  const query = { filter: { ...WHOLE_FLEET, ...filter }, order: { field: 'NAME', direction: 'ASC' } } as const;
  const [page] = await listFleet(world.as(actor), null, { ...query, page: { first: 200, after: null } });
  const ids = page?.items.map(({ organization }) => organization.organizationId) ?? [];
  expect(await countOrganizations(world.as(actor), null, query.filter)).toEqual([ids.length]);
  return ids.sort();
}

describe('drift', () => {
  test('is who holds another string than the largest group; empty slots have not drifted', async ({ world }) => {
    const { root, otherReseller, reseller } = world.tenants;
    await hold(world, root, ['b', 'b', 'b', 'b', null]);
    const holders = await hold(world, otherReseller, ['a', 'a', 'a', 'b', 'b', 'c', null, null]);
    const expected = [fingerprintOf('a'), 3, 3, 2];
    expect(await driftOf(world, world.siblingAdmin, otherReseller)).toEqual(expected);
    expect(await driftOf(world, world.parentAdmin, otherReseller)).toEqual(expected);
    expect(await driftOf(world, world.platformAdmin, otherReseller)).toEqual(expected);
    // With the reseller's own organization, which has a key of its own, and its neighbour, which has none.
    expect(await driftOf(world, world.parentAdmin, root)).toEqual([fingerprintOf('b'), 6, 5, 4]);
    const drifted = holders.slice(3, 6).map(({ organizationId }) => organizationId);
    const filter = { serviceProvider: otherReseller, fingerprintNot: fingerprintOf('a') };
    expect(await found(world, world.parentAdmin, filter)).toEqual(drifted.sort());
    for (const provider of [root, otherReseller, world.tenants.foreignRoot]) {
      expect(await driftOf(world, world.providerAdmin, provider)).toBeNull();
    }
    expect(await driftOf(world, world.providerAdmin, reseller)).toEqual([null, 0, 0, 1]);
  });

  test('of groups of one size is from the one whose fingerprint comes first; without a group there is none', async ({
    world,
  }) => {
    const { otherReseller } = world.tenants;
    expect(await driftOf(world, world.siblingAdmin, otherReseller)).toEqual([null, 0, 0, 0]);
    await hold(world, otherReseller, ['a', 'b', 'c', null]);
    expect(await driftOf(world, world.siblingAdmin, otherReseller)).toEqual([null, 0, 0, 1]);
    await hold(world, otherReseller, ['a', 'b']);
    const first = [fingerprintOf('a'), fingerprintOf('b')].sort()[0];
    expect(await driftOf(world, world.siblingAdmin, otherReseller)).toEqual([first, 2, 3, 1]);
  });

  test('needs apiKey:view', async ({ world }) => {
    const blind = { ...world.providerAdmin, permissions: new Set(['organization:manage'] as const) };
    const refusal = await refusalOf(() => driftOf(world, blind, world.tenants.reseller));
    expect(refusal.code).toBe('FORBIDDEN');
  });

  test('a fingerprint that is none lets nobody through, rather than everybody', async ({ world }) => {
    for (const fingerprintNot of ['', 'a', fingerprintOf('a').toUpperCase(), `${fingerprintOf('a')}0`]) {
      const refusal = await refusalOf(() => found(world, world.providerAdmin, { fingerprintNot }));
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['fingerprintNot'] });
    }
  });
});
