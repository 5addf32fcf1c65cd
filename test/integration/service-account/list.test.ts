import { describe, expect } from 'vitest';
import type { ServiceAccountId } from '../../../src/ids.ts';
import {
  countServiceAccounts,
  listServiceAccounts,
  positionOf,
} from '../../../src/service-account/list-service-accounts.ts';
import { revokeServiceAccount } from '../../../src/service-account/service-account.service.ts';
import type { ServiceAccountFilter } from '../../../src/service-account/service-account.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { test as base, type KeyWorld, type Person } from '../../support/key-world.ts';
import { createTestServiceAccount } from '../../support/service-accounts.ts';

/** One account at every place, each with a name that tells it. */
const test = base.extend('accounts', async ({ world }) => {
  const { root, reseller, otherReseller, foreignRoot } = world.tenants;
  const neighbour = world.otherOrgAdmin.home;
  if (neighbour.organizationId === null) throw new Error('it is an organization');
  const places = {
    platform: 'PLATFORM',
    root,
    reseller,
    organization: world.organization,
    neighbour: { rootProviderId: neighbour.rootProviderId, organizationId: neighbour.organizationId },
    otherReseller,
    foreignRoot,
  } as const;
  const made = new Map<ServiceAccountId, string>();
  for (const [name, place] of Object.entries(places)) {
    const { id } = await createTestServiceAccount(world.keyward.services, world.platformAdmin, place);
    made.set(id, name);
  }
  return made;
});

const EVERYTHING: ServiceAccountFilter = { serviceProvider: null, organization: null, isActive: null };

async function seenBy(
  world: KeyWorld,
  person: Person,
  accounts: ReadonlyMap<ServiceAccountId, string>,
  filter: Partial<ServiceAccountFilter> = {},
): Promise<string[]> {
  const ctx = world.as(world[person]);
  const found = [];
  for (let after = null; ; ) {
    const page = await listServiceAccounts(ctx, { ...EVERYTHING, ...filter }, { first: 2, after });
    found.push(...page.items);
    const last = page.items.at(-1);
    if (!page.hasNextPage || last === undefined) break;
    after = positionOf(last);
  }
  expect(await countServiceAccounts(ctx, { ...EVERYTHING, ...filter })).toBe(found.length);
  expect(found.map(({ name }) => name)).toEqual(found.map(({ name }) => name).toSorted());
  return found.flatMap(({ id }) => accounts.get(id) ?? []).toSorted();
}

describe('the list shows', () => {
  const sights: [Person, readonly string[]][] = [
    ['platformAdmin', ['platform', 'root', 'reseller', 'organization', 'neighbour', 'otherReseller', 'foreignRoot']],
    ['parentAdmin', ['root', 'reseller', 'organization', 'neighbour', 'otherReseller']],
    ['providerAdmin', ['reseller', 'organization', 'neighbour']],
    ['siblingAdmin', ['otherReseller']],
    ['foreignAdmin', ['foreignRoot']],
    ['orgAdmin', ['organization']],
    ['otherOrgAdmin', ['neighbour']],
  ];
  test.for(sights)('to %s %j, page by page and by name', async ([person, expected], { world, accounts }) => {
    expect(await seenBy(world, person, accounts)).toEqual(expected.toSorted());
  });

  test.for(['providerSupport', 'providerViewer', 'orgViewer', 'platformSupport'] as const)(
    'nothing to %s, who manages no staff',
    async (person, { world }) => {
      const ctx = world.as(world[person]);
      const page = { first: 1, after: null };
      expect((await refusalOf(() => listServiceAccounts(ctx, EVERYTHING, page))).code).toBe('FORBIDDEN');
      expect((await refusalOf(() => countServiceAccounts(ctx, EVERYTHING))).code).toBe('FORBIDDEN');
    },
  );

  test('what is asked for: of a provider and below, of an organization, active or revoked', async ({
    world,
    accounts,
  }) => {
    const { reseller, foreignRoot } = world.tenants;
    const { organization } = world;
    const [id = null] = [...accounts].find(([, name]) => name === 'reseller') ?? [];
    await revokeServiceAccount(world.as(world.providerAdmin), { id, idempotencyKey: null });
    const see = (filter: Partial<ServiceAccountFilter>, person: Person = 'parentAdmin') =>
      seenBy(world, person, accounts, filter);
    expect(await see({ serviceProvider: reseller })).toEqual(['neighbour', 'organization', 'reseller']);
    expect(await see({ organization })).toEqual(['organization']);
    expect(await see({ isActive: false })).toEqual(['reseller']);
    expect(await see({ isActive: true, serviceProvider: reseller })).toEqual(['neighbour', 'organization']);
    expect(await see({ serviceProvider: foreignRoot })).toEqual([]);
    expect(await see({ organization }, 'foreignAdmin')).toEqual([]);
    expect(await see({ serviceProvider: foreignRoot }, 'platformAdmin')).toEqual(['foreignRoot']);
  });
});
