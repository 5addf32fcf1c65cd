import { expect } from 'vitest';
import type { RequestContext } from '../../src/context.ts';
import type { ServiceProviderRef } from '../../src/ids.ts';
import type { KeyWorld } from './key-world.ts';

interface Lists {
  list(
    ctx: RequestContext,
    provider: ServiceProviderRef | null,
    page: { readonly first: number; readonly after: null },
  ): Promise<{ readonly items: readonly { readonly id: string }[] }>;
  count(ctx: RequestContext, provider: ServiceProviderRef | null): Promise<number>;
}

/**
 * What a provider has is listed with it, with those above, and with no other.
 * @param ids of the only two that there are: one of the reseller, one of the other reseller
 */
export async function expectListedByProvider(
  world: KeyWorld,
  { list, count }: Lists,
  ids: readonly string[],
): Promise<void> {
  const { root, reseller, otherReseller, foreignRoot } = world.tenants;
  const listed = async (actor: typeof world.parentAdmin, provider: ServiceProviderRef | null) => {
    const { items } = await list(world.as(actor), provider, { first: 10, after: null });
    expect(await count(world.as(actor), provider)).toBe(items.length);
    return items.map(({ id }) => id);
  };
  expect(await listed(world.parentAdmin, null)).toEqual(ids);
  expect(await listed(world.parentAdmin, root)).toEqual(ids);
  expect(await listed(world.parentAdmin, reseller)).toEqual(ids.slice(0, 1));
  expect(await listed(world.parentAdmin, otherReseller)).toEqual(ids.slice(1));
  expect(await listed(world.platformAdmin, otherReseller)).toEqual(ids.slice(1));
  expect(await listed(world.parentAdmin, foreignRoot)).toEqual([]);
  expect(await listed(world.siblingAdmin, reseller)).toEqual([]);
  expect(await listed(world.foreignAdmin, root)).toEqual([]);
}
