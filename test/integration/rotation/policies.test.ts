import { describe, expect } from 'vitest';
import { rotationStateAt, rotationStates } from '../../../src/api-key/key-age.ts';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { listFleet } from '../../../src/fleet/fleet.service.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import type { OrganizationRef, RotationPolicyRef } from '../../../src/ids.ts';
import { createOrganizationGroup } from '../../../src/organization-group/organization-group.service.ts';
import { listRotationPolicies } from '../../../src/rotation/list-rotation-policies.ts';
import { lookUpRotations } from '../../../src/rotation/look-up-rotations.ts';
import { deleteRotationPolicy, updateRotationPolicy } from '../../../src/rotation/rotation-policy.service.ts';
import { settleRotationPolicies } from '../../../src/rotation/settle-policies.service.ts';
import { findRotatedSlots } from '../../../src/rotation/slot-rotation.repository.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { allowOverlap, createPolicy } from '../../support/rotation-policies.ts';

const once = { idempotencyKey: null };
const DAY_MS = 24 * 60 * 60_000;

async function heldBy(world: KeyWorld, organization: OrganizationRef = world.organization) {
  const [slot] = await world.keyward.services.database.read(PLATFORM_SCOPE, (tx) =>
    findRotatedSlots(tx, [{ ...organization, kind: 'CLOUD_SERVICE' }]),
  );
  return slot?.policyId ?? null;
}

function group(world: KeyWorld, content: 'BY_HAND' | 'BY_FILTER') {
  const filter = { ...WHOLE_FLEET, apiKeyStatus: ['ENABLED' as const] };
  const given = content === 'BY_HAND' ? { members: [world.organization], filter: null } : { members: null, filter };
  const name = `${content} ${Math.random()}`;
  return createOrganizationGroup(world.as(world.platformAdmin), {
    ...{ serviceProvider: world.tenants.reseller, name, ...given, ...once },
  });
}

describe('of several policies the nearest holds for a key', () => {
  test('that of the organization, of a group, of the nearest provider', async ({ world }) => {
    const { root, reseller, otherReseller } = world.tenants;
    const far = await createPolicy(world, root, { maximumAgeDays: 20 });
    expect(await heldBy(world)).toBe(far.rotationPolicyId);
    await createPolicy(world, otherReseller, { maximumAgeDays: 16 });
    expect(await heldBy(world)).toBe(far.rotationPolicyId);
    const near = await createPolicy(world, reseller, { maximumAgeDays: 60 });
    expect(await heldBy(world)).toBe(near.rotationPolicyId);
    const ofGroup = await createPolicy(world, await group(world, 'BY_HAND'), { maximumAgeDays: 90 });
    expect(await heldBy(world)).toBe(ofGroup.rotationPolicyId);
    const stricter = await createPolicy(world, await group(world, 'BY_FILTER'), { maximumAgeDays: 80 });
    expect(await heldBy(world)).toBe(stricter.rotationPolicyId);
    await createPolicy(world, await group(world, 'BY_FILTER'), { maximumAgeDays: 85 });
    expect(await heldBy(world)).toBe(stricter.rotationPolicyId);
    const own = await createPolicy(world, world.organization, { maximumAgeDays: 365 });
    expect(await heldBy(world)).toBe(own.rotationPolicyId);
    const ctx = world.as(world.platformAdmin);
    await updateRotationPolicy(ctx, { rotationPolicy: own, terms: { isEnabled: false }, ...once });
    expect(await heldBy(world)).toBe(stricter.rotationPolicyId);
    for (const rotationPolicy of [stricter, ofGroup]) await deleteRotationPolicy(ctx, { rotationPolicy, ...once });
    expect(await heldBy(world)).not.toBe(near.rotationPolicyId); // the third of a group
  });

  test('also for those that come later, and no longer for those that leave', async ({ world }) => {
    const { services } = world.keyward;
    const policy = await createPolicy(world, world.tenants.reseller);
    const later = await createTestOrganization(services, world.tenants.platformAdmin, world.tenants.reseller);
    expect(await heldBy(world, later)).toBeNull();
    await settleRotationPolicies(services, new Date());
    expect(await heldBy(world, later)).toBe(policy.rotationPolicyId);
    await deleteRotationPolicy(world.as(world.providerAdmin), { rotationPolicy: policy, ...once });
    expect([await heldBy(world), await heldBy(world, later)]).toEqual([null, null]);
  });
});

describe('a policy', () => {
  const create = (world: KeyWorld, actor: KeyWorld['orgAdmin']) =>
    createPolicy(world, world.tenants.reseller, {}, { actor });

  test('is made by those who may make rules there', async ({ world }) => {
    for (const actor of [world.providerSupport, world.providerViewer, world.orgAdmin]) {
      await expect(create(world, actor)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const actor of [world.siblingAdmin, world.foreignAdmin]) {
      await expect(create(world, actor)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    for (const actor of [world.providerAdmin, world.parentAdmin, world.platformAdmin]) await create(world, actor);
  });

  test('of a provider above is out of sight, but not what it means for a key', async ({ world }) => {
    const policy = await createPolicy(world, world.tenants.root);
    const key = { ...world.organization, kind: 'CLOUD_SERVICE' } as const;
    const seen = async (actor: KeyWorld['orgAdmin']) => {
      const [found] = await lookUpRotations(world.as(actor), [key]);
      return { state: found?.state, policy: found?.policy?.id ?? null };
    };
    expect(await seen(world.parentAdmin)).toEqual({ state: 'CURRENT', policy: policy.rotationPolicyId });
    expect(await seen(world.providerAdmin)).toEqual({ state: 'CURRENT', policy: null });
    expect(await seen(world.orgViewer)).toEqual({ state: 'CURRENT', policy: null });
    expect(await seen(world.siblingAdmin)).toEqual({ state: undefined, policy: null });
    const listed = await listRotationPolicies(world.as(world.providerAdmin), null, { first: 10, after: null });
    expect(listed.items).toEqual([]);
  });

  test('has an overlap only as far as its provider allows one', async ({ world }) => {
    const { reseller } = world.tenants;
    const refused = { code: 'VALIDATION_FAILED', field: ['overlapMinutes'] };
    await expect(createPolicy(world, reseller, { overlapMinutes: 1 })).rejects.toMatchObject(refused);
    await allowOverlap(world, reseller, 60);
    const policy = await createPolicy(world, reseller, { overlapMinutes: 60 });
    const more = { rotationPolicy: policy, terms: { overlapMinutes: 61 }, ...once };
    await expect(updateRotationPolicy(world.as(world.providerAdmin), more)).rejects.toMatchObject(refused);
  });

  test('is told of in the trail', async ({ world }) => {
    const policy = await createPolicy(world, world.tenants.reseller);
    const ctx = world.as(world.providerAdmin);
    await updateRotationPolicy(ctx, { rotationPolicy: policy, terms: { name: 'Other' }, ...once });
    await deleteRotationPolicy(ctx, { rotationPolicy: policy, ...once });
    const rows = await world.keyward.database.query(
      'select action, result from audit_event where target = $1 order by at, id',
      [policy.rotationPolicyId],
    );
    expect(rows).toEqual(
      ['create', 'update', 'delete'].map((verb) => ({ action: `rotation_policy.${verb}`, result: 'OK' })),
    );
  });
});

test('how far a key is on its way is the same in SQL and by the rule', async ({ world }) => {
  const { services, database } = world.keyward;
  const start = new Date();
  const policy: RotationPolicyRef = await createPolicy(world, world.tenants.reseller, {
    ...{ maximumAgeDays: 30, noticeDays: [14, 7], window: { days: [1], fromHour: 2, toHour: 4, timeZone: 'UTC' } },
  });
  expect(await heldBy(world)).toBe(policy.rotationPolicyId);
  const key = { ...world.organization, kind: 'CLOUD_SERVICE' } as const;
  const query = { order: { field: 'NAME', direction: 'ASC' }, page: { first: 10, after: null } } as const;
  const seen = new Set<string>();
  for (const age of [0, 20, 29, 31, 50]) {
    await database.query(
      `update api_key set last_modified_at = now() - $2 * interval '24 hours' where organization_id = $1`,
      [world.organization.organizationId, age],
    );
    for (const days of [0, 1, 6.9, 7.1, 15.9, 16.1, 17, 30, 39, 40, 60]) {
      const now = new Date(start.getTime() + days * DAY_MS);
      const [slot] = await services.database.read(PLATFORM_SCOPE, (tx) => findRotatedSlots(tx, [key]));
      if (slot === undefined) throw new Error('no policy holds');
      const expected = rotationStateAt(slot, slot.modifiedAt, now);
      seen.add(expected);
      for (const state of rotationStates) {
        const filter = { ...WHOLE_FLEET, rotation: [state] };
        const [page] = await listFleet(world.as(world.orgAdmin, now), null, { filter, ...query });
        expect(page?.items.length, `${state} at ${age} + ${days}`).toBe(state === expected ? 1 : 0);
      }
    }
  }
  expect([...seen].sort()).toEqual([...rotationStates].sort());
});
