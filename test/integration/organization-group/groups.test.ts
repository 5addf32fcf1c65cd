import { describe, expect } from 'vitest';
import { type FleetFilter, fleetOrderFields, WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import {
  createOrganizationGroup,
  deleteOrganizationGroup,
  updateOrganizationGroup,
} from '../../../src/organization-group/organization-group.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { readSlot, test } from '../../support/key-world.ts';
import {
  byFilter,
  byHand,
  groupsSeen,
  holders,
  idsOf,
  makeGroup,
  membersOf,
  update,
} from '../../support/organization-groups.ts';
import { auditOf } from '../../support/rows.ts';
import { fingerprintOf } from '../../support/shared-strings.ts';

describe('a group by hand', () => {
  test('has the organizations it was given, then those added, without those removed, each time in one audit row', async ({
    world,
  }) => {
    const ctx = world.as(world.providerAdmin);
    const [one, two, three] = await holders(world, world.tenants.reseller, ['a', 'b', 'c']);
    const rows = await auditOf(world.keyward.database, async () => {
      const group = await createOrganizationGroup(ctx, byHand(world.tenants.reseller, ' East ', [one, two, one]));
      expect(await membersOf(world, world.providerAdmin, group)).toEqual(idsOf(one, two));
      await updateOrganizationGroup(ctx, update(group, { add: [two, three], remove: [one], name: 'West' }));
      expect(await membersOf(world, world.providerAdmin, group)).toEqual(idsOf(two, three));
      await updateOrganizationGroup(ctx, update(group, { add: [one], remove: [one] }));
      expect(await membersOf(world, world.providerAdmin, group)).toEqual(idsOf(two, three));
      await deleteOrganizationGroup(ctx, { organizationGroup: group, idempotencyKey: null });
      expect(await membersOf(world, world.providerAdmin, group)).toEqual([]);
      const left = 'select 1 from organization_group_member where group_id = $1';
      expect(await world.keyward.database.query(left, [group.organizationGroupId])).toEqual([]);
    });
    const [east, west] = ['East', 'West'].map((name) => ({ name, kind: 'BY_HAND', organizationCount: 2 }));
    expect(rows.map(({ action, before, after }) => [action, before, after])).toMatchObject([
      ['organization_group.create', null, east],
      ['organization_group.update', east, { ...west, addedCount: 2, removed: idsOf(one) }],
      ['organization_group.update', west, { ...west, addedCount: 1, removedCount: 1 }],
      ['organization_group.delete', west, null],
    ]);
  });

  test('takes no organization that is missing, out of sight, or beside its provider: all are not found', async ({
    world,
  }) => {
    const { reseller, otherReseller, foreignRoot, root } = world.tenants;
    const [own] = await holders(world, reseller, ['a']);
    const others = await Promise.all(
      [otherReseller, foreignRoot, root].map(async (provider) => (await holders(world, provider, ['a']))[0]),
    );
    const ctx = world.as(world.parentAdmin);
    const group = await createOrganizationGroup(ctx, byHand(reseller, 'Own', [own]));
    const refusals = [];
    for (const other of [...others, null]) {
      refusals.push(await refusalOf(() => createOrganizationGroup(ctx, byHand(reseller, 'Other', [own, other]))));
      refusals.push(await refusalOf(() => updateOrganizationGroup(ctx, update(group, { add: [other] }))));
      refusals.push(await refusalOf(() => updateOrganizationGroup(ctx, update(group, { remove: [other] }))));
    }
    expect(new Set(refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: 'NOT_FOUND', field: ['organizationIds'] });
    expect(await membersOf(world, world.parentAdmin, group)).toEqual(idsOf(own));
  });
});

describe('a group by filter', () => {
  test('has what its filter finds at the time, within its provider, and together with further conditions', async ({
    world,
  }) => {
    const { reseller, root } = world.tenants;
    const ctx = world.as(world.parentAdmin);
    const beside = await holders(world, root, ['a']);
    const [one, two] = await holders(world, reseller, ['a', 'a', 'b', null]);
    const group = await createOrganizationGroup(ctx, byFilter(reseller, 'On a', { fingerprint: fingerprintOf('a') }));
    const seen = (more = {}) => membersOf(world, world.parentAdmin, group, more);
    expect(beside).toHaveLength(1);
    expect(await seen()).toEqual(idsOf(one, two));
    expect(await seen({ organizations: [one] })).toEqual(idsOf(one));
    expect(await seen({ fingerprintNot: fingerprintOf('a') })).toEqual([]);
    expect(await seen({ serviceProvider: root, search: 'holder', apiKeyStatus: ['ENABLED'] })).toEqual(idsOf(one, two));
    const [three] = await holders(world, reseller, ['a']);
    expect(await seen()).toEqual(idsOf(one, two, three));
    await updateOrganizationGroup(
      ctx,
      update(group, { filter: { ...WHOLE_FLEET, fingerprintNot: fingerprintOf('a') } }),
    );
    const others = await seen();
    expect(others).toHaveLength(2); // the one on b, and the one with a key of its own
    expect(others).toContain(world.organization.organizationId);
  });

  test('is listed in every order, with every condition there is', async ({ world }) => {
    const { reseller } = world.tenants;
    const ctx = world.as(world.providerAdmin);
    const {
      group: _,
      organizations: __,
      ...everything
    } = {
      ...WHOLE_FLEET,
      search: 'organization',
      serviceProvider: reseller,
      apiKeyStatus: ['ENABLED'] as const,
      disablementSource: ['PLATFORM'] as const,
      subscriptionStatus: ['ACTIVE'] as const,
      fingerprintNot: fingerprintOf('a'),
    };
    const group = await createOrganizationGroup(ctx, byFilter(reseller, 'Everything', everything));
    for (const field of fleetOrderFields) {
      expect(await membersOf(world, world.providerAdmin, group, everything, field)).toEqual([]);
    }
    const { disablementSource: ___, ...rest } = everything;
    const found = await createOrganizationGroup(ctx, byFilter(reseller, 'The one', rest));
    for (const field of fleetOrderFields) {
      const seen = await membersOf(world, world.providerAdmin, found, { ...rest, fingerprint: null }, field);
      expect(seen).toEqual(idsOf(world.organization));
    }
  });

  test('is not made of a filter by ids, by another group, or that no list would take', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const { reseller } = world.tenants;
    const bad: [string, Partial<FleetFilter>][] = [
      ['ids', { organizations: [] }],
      ['groupId', { group: await makeGroup(ctx, reseller, [world.organization]) }],
      ['search', { search: 'x'.repeat(201) }],
      ['fingerprint', { fingerprint: `${fingerprintOf('a')}zz` }],
      ['fingerprintNot', { fingerprintNot: 'none' }],
    ];
    for (const [field, filter] of bad) {
      const refusal = await refusalOf(() => createOrganizationGroup(ctx, byFilter(reseller, 'Bad', filter)));
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['filter', field] });
    }
  });

  test('does not search for a key that somebody has, but for a name that looks like one, which the trail masks', async ({
    world,
  }) => {
    const { reseller } = world.tenants;
    const ctx = world.as(world.providerAdmin);
    const { keyString } = await readSlot(world);
    const [created] = await auditOf(world.keyward.database, () =>
      createOrganizationGroup(ctx, byFilter(reseller, 'Named', { search: 'the organization' })),
    );
    expect(created?.after).toMatchObject({ filter: expect.stringContaining('the ••••••••tion') });
    const group = await createOrganizationGroup(ctx, byFilter(reseller, 'All', {}));
    const refused = await auditOf(world.keyward.database, async () => {
      for (const search of [keyString, `the one on ${keyString}!`]) {
        const filter = { ...WHOLE_FLEET, search };
        for (const call of [
          () => createOrganizationGroup(ctx, byFilter(reseller, 'By key', filter)),
          () => updateOrganizationGroup(ctx, update(group, { filter })),
        ]) {
          expect(await refusalOf(call)).toMatchObject({ code: 'VALIDATION_FAILED', field: ['filter', 'search'] });
        }
      }
    });
    expect(refused).toHaveLength(4);
    expect(JSON.stringify(refused)).not.toContain(String(keyString));
  });

  test('keeps to the subtree of its provider', async ({ world }) => {
    const { reseller, otherReseller, root, foreignRoot } = world.tenants;
    const ctx = world.as(world.parentAdmin);
    for (const serviceProvider of [otherReseller, root, foreignRoot]) {
      const refusal = await refusalOf(() =>
        createOrganizationGroup(ctx, byFilter(reseller, 'Out', { serviceProvider })),
      );
      expect(refusal).toMatchObject({ code: 'NOT_FOUND', field: ['filter', 'serviceProviderId'] });
    }
    const group = await createOrganizationGroup(ctx, byFilter(root, 'Within', { serviceProvider: reseller }));
    expect(await membersOf(world, world.parentAdmin, group)).toContain(world.organization.organizationId);
  });
});

describe('a group', () => {
  test('has one name in one provider, and keeps its kind', async ({ world }) => {
    const { reseller, root } = world.tenants;
    const ctx = world.as(world.parentAdmin);
    const hand = await createOrganizationGroup(ctx, byHand(reseller, 'East side', [world.organization]));
    const filter = await createOrganizationGroup(ctx, byFilter(reseller, 'West side', {}));
    await createOrganizationGroup(ctx, byFilter(root, 'East side', {}));
    const attempts = [
      () => createOrganizationGroup(ctx, byFilter(reseller, ' EAST  side', {})),
      () => updateOrganizationGroup(ctx, update(filter, { name: 'east side' })),
    ];
    for (const attempt of attempts) {
      expect(await refusalOf(attempt)).toMatchObject({ code: 'DUPLICATE_NAME', field: ['name'] });
    }
    const wrong = [
      [update(hand, { filter: WHOLE_FLEET }), 'filter'],
      [update(filter, { add: [world.organization] }), 'addOrganizationIds'],
      [update(filter, { remove: [world.organization] }), 'removeOrganizationIds'],
      [update(filter, { name: ' ' }), 'name'],
    ] as const;
    for (const [input, field] of wrong) {
      const refusal = await refusalOf(() => updateOrganizationGroup(ctx, input));
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: [field] });
    }
    for (const members of [null, [world.organization]]) {
      const both = { ...byFilter(reseller, 'Both', {}), members, ...(members === null ? { filter: null } : {}) };
      expect(await refusalOf(() => createOrganizationGroup(ctx, both))).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  test('is seen from its provider upwards, and lets nothing through for anybody else', async ({ world }) => {
    const { reseller } = world.tenants;
    const hand = await makeGroup(world.as(world.providerAdmin), reseller, [world.organization]);
    const filter = await createOrganizationGroup(world.as(world.providerAdmin), byFilter(reseller, 'All', {}));
    for (const actor of [world.providerViewer, world.parentAdmin, world.platformSupport]) {
      expect(await groupsSeen(world, actor)).toEqual(expect.arrayContaining(['All']));
      for (const group of [hand, filter]) {
        expect(await membersOf(world, actor, group)).toContain(world.organization.organizationId);
      }
    }
    for (const actor of [world.siblingAdmin, world.foreignAdmin, world.orgAdmin]) {
      expect(await groupsSeen(world, actor)).toEqual([]);
      for (const group of [hand, filter]) expect(await membersOf(world, actor, group)).toEqual([]);
    }
    const above = await makeGroup(world.as(world.parentAdmin), world.tenants.root, [world.organization]);
    expect(await membersOf(world, world.parentAdmin, above)).toEqual(idsOf(world.organization));
    expect(await membersOf(world, world.providerAdmin, above)).toEqual([]);
  });

  test('is changed by whoever manages organizations there, and is not found by others', async ({ world }) => {
    const { database } = world.keyward;
    const { reseller } = world.tenants;
    const group = await makeGroup(world.as(world.providerAdmin), reseller, [world.organization]);
    const ownTrail = { rootProviderId: reseller.rootProviderId, organizationId: null };
    const calls = [
      ['organization_group.create', (ctx) => createOrganizationGroup(ctx, byFilter(reseller, 'Mine', {}))],
      ['organization_group.update', (ctx) => updateOrganizationGroup(ctx, update(group, { name: 'Mine' }))],
      [
        'organization_group.delete',
        (ctx) => deleteOrganizationGroup(ctx, { organizationGroup: group, idempotencyKey: null }),
      ],
    ] as const satisfies [string, (ctx: ReturnType<typeof world.as>) => Promise<unknown>][];
    for (const [action, call] of calls) {
      for (const actor of [world.providerSupport, world.providerViewer]) {
        const expected = { code: 'FORBIDDEN', action, actor, trail: ownTrail } as const;
        await expectRefusal(database, expected, () => call(world.as(actor)));
      }
      for (const actor of [world.siblingAdmin, world.foreignAdmin]) {
        const trail = { rootProviderId: actor.home.rootProviderId, organizationId: null };
        await expectRefusal(database, { code: 'NOT_FOUND', action, actor, trail }, () => call(world.as(actor)));
      }
    }
  });

  test('is made once under one idempotency key', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const input = { ...byFilter(world.tenants.reseller, 'Once', {}), idempotencyKey: 'once' };
    const group = await createOrganizationGroup(ctx, input);
    expect(await createOrganizationGroup(ctx, input)).toEqual(group);
    const other = await refusalOf(() => createOrganizationGroup(ctx, { ...input, name: 'Twice' }));
    expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await groupsSeen(world, world.providerAdmin)).toEqual(['Once']);
  });

  test('gets every member of two changes at once', async ({ world }) => {
    const { reseller, platformAdmin } = world.tenants;
    const ctx = world.as(world.providerAdmin);
    const more = await createTestOrganization(world.keyward.services, platformAdmin, reseller, null);
    const others = await holders(world, reseller, ['a', 'b']);
    const group = await makeGroup(ctx, reseller, [world.organization]);
    await Promise.all([...others, more].map((one) => updateOrganizationGroup(ctx, update(group, { add: [one] }))));
    const rows =
      await world.keyward.database.query(`select after from audit_event where action = 'organization_group.update'
      and target = '${group.organizationGroupId}'`);
    expect(await membersOf(world, world.providerAdmin, group)).toEqual(idsOf(world.organization, ...others, more));
    expect(rows).toHaveLength(3);
  });
});
