import { describe, expect } from 'vitest';
import {
  countApiKeyGroups,
  type ListApiKeyGroups,
  listApiKeyGroups,
} from '../../../src/api-key-group/api-key-group.service.ts';
import { positionOf } from '../../../src/api-key-group/api-key-group.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { ServiceProviderRef } from '../../../src/ids.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { fingerprintOf, insertHolders } from '../../support/shared-strings.ts';

const ALL: ListApiKeyGroups = { serviceProvider: null, minimumCount: 2 };

/** The groups that somebody is shown, as `size of fingerprint`. */
async function groupsOf(world: KeyWorld, actor: Actor, query: Partial<ListApiKeyGroups> = {}) {
  const page = await listApiKeyGroups(world.as(actor), { ...ALL, ...query }, { first: 200, after: null });
  return page.items.map(({ organizationCount, fingerprint }) => `${organizationCount} of ${fingerprint}`);
}

function ofString(count: number, name: string): string {
  return `${count} of ${fingerprintOf(name)}`;
}

function hold(world: KeyWorld, provider: ServiceProviderRef, strings: readonly (string | null)[]) {
  const path = [...new Set([provider.rootProviderId, provider.serviceProviderId])];
  return insertHolders(world.keyward.database, provider, path, strings);
}

function times(count: number, name: string): string[] {
  return Array.from({ length: count }, () => name);
}

describe('who shares a string', () => {
  test('is told by the size of the group, within what the caller sees and what is asked for', async ({ world }) => {
    const { root, reseller, otherReseller, foreignRoot } = world.tenants;
    await hold(world, root, [...times(2, 'a'), 'alone']);
    await hold(world, reseller, [...times(3, 'a'), ...times(4, 'b'), 'c', null, null]);
    await hold(world, otherReseller, [...times(5, 'c'), 'b']);
    await hold(world, foreignRoot, times(9, 'z'));
    expect(await groupsOf(world, world.providerAdmin)).toEqual([ofString(4, 'b'), ofString(3, 'a')]);
    expect(await groupsOf(world, world.siblingAdmin)).toEqual([ofString(5, 'c')]);
    expect(await groupsOf(world, world.foreignAdmin)).toEqual([ofString(9, 'z')]);
    const ties = [ofString(5, 'a'), ofString(5, 'b')].sort();
    expect(await groupsOf(world, world.parentAdmin)).toEqual([ofString(6, 'c'), ...ties]);
    expect(await groupsOf(world, world.parentAdmin, { serviceProvider: reseller })).toEqual([
      ofString(4, 'b'),
      ofString(3, 'a'),
    ]);
    expect(await groupsOf(world, world.platformAdmin, { serviceProvider: foreignRoot })).toEqual([ofString(9, 'z')]);
    expect(await groupsOf(world, world.orgAdmin)).toEqual([]);
    // Above and beside the caller there is nothing, as where nothing is.
    for (const serviceProvider of [root, otherReseller, foreignRoot]) {
      expect(await groupsOf(world, world.providerAdmin, { serviceProvider })).toEqual([]);
    }
  });

  test('leaves out groups that are too small, and counts what it shows', async ({ world }) => {
    await hold(world, world.tenants.otherReseller, [...times(3, 'a'), ...times(2, 'b'), 'c', null]);
    const actor = world.siblingAdmin;
    for (const [minimumCount, sizes] of [
      [1, [3, 2, 1]],
      [2, [3, 2]],
      [3, [3]],
      [4, []],
    ] as const) {
      const shown = await groupsOf(world, actor, { minimumCount });
      expect(shown.map((text) => Number(text.split(' ')[0]))).toEqual(sizes);
      expect(await countApiKeyGroups(world.as(actor), { ...ALL, minimumCount })).toBe(sizes.length);
    }
    const refusal = await refusalOf(() => groupsOf(world, actor, { minimumCount: 0 }));
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['minimumCount'] });
  });

  test('comes in pages that are complete and in order, also where sizes tie', async ({ world }) => {
    const names = Array.from({ length: 23 }, (_, index) => `string ${index}`);
    const { otherReseller } = world.tenants;
    await hold(
      world,
      otherReseller,
      names.flatMap((name, index) => times(2 + (index % 3), name)),
    );
    const expected = names
      .map((name, index) => ({ size: 2 + (index % 3), fingerprint: fingerprintOf(name) }))
      .sort((one, other) => other.size - one.size || (one.fingerprint < other.fingerprint ? -1 : 1))
      .map(({ size, fingerprint }) => `${size} of ${fingerprint}`);
    expect(await groupsOf(world, world.siblingAdmin)).toEqual(expected);
    const walked: string[] = [];
    let after = null;
    for (let pages = 0; pages < 20; pages++) {
      const page = await listApiKeyGroups(world.as(world.siblingAdmin), ALL, { first: 4, after });
      walked.push(...page.items.map(({ organizationCount, fingerprint }) => `${organizationCount} of ${fingerprint}`));
      const last = page.items.at(-1);
      if (!page.hasNextPage || last === undefined) break;
      after = positionOf(last);
    }
    expect(walked).toEqual(expected);
  });

  test('needs apiKey:view, and refuses a cursor of another list', async ({ world }) => {
    const blind = { ...world.providerAdmin, permissions: new Set(['organization:manage'] as const) };
    expect((await refusalOf(() => groupsOf(world, blind))).code).toBe('FORBIDDEN');
    const { serviceProviderId: id } = world.tenants.reseller;
    for (const value of ['', 'acme', '5', `x ${fingerprintOf('a')}`, `5 ${fingerprintOf('a')}0`]) {
      const page = () => listApiKeyGroups(world.as(world.providerAdmin), ALL, { first: 1, after: { value, id } });
      expect(await refusalOf(page)).toMatchObject({ code: 'VALIDATION_FAILED', field: ['after'] });
    }
  });
});
