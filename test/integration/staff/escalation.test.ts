import { describe, expect } from 'vitest';
import type { Actor } from '../../../src/identity/actor.ts';
import { type Permission, permissionsOf } from '../../../src/identity/permissions.ts';
import { createStaffMember } from '../../../src/staff/create-staff-member.service.ts';
import { createCustomRole, updateCustomRole } from '../../../src/staff/custom-role.service.ts';
import { updateStaffMember } from '../../../src/staff/staff-member.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { createStaff } from '../../support/fixtures.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { createHolder, makeRole, newcomer, readStaff, type StaffChange, staffChanges } from '../../support/people.ts';

/** Manages people, and may do little else. */
const WEAK: readonly Permission[] = ['staff:manage', 'apiKey:view', 'audit:view'];

async function weakManager(world: KeyWorld) {
  const ctx = world.as(world.parentAdmin);
  const role = await makeRole(ctx, world.tenants.reseller, WEAK);
  const holder = await createHolder(world.keyward, ctx, { serviceProvider: world.tenants.reseller }, role);
  return { ...holder, role };
}

const test = base.extend('weak', ({ world }) => weakManager(world));
const touching = (Object.keys(staffChanges) as StaffChange[]).filter((name) => name !== 'demote');

describe('who manages people with few permissions of their own', () => {
  test('gives nobody a role that can do more', async ({ world, weak }) => {
    const ctx = world.as(weak.actor);
    const { reseller } = world.tenants;
    for (const role of ['PROVIDER_ADMIN', 'PROVIDER_SUPPORT'] as const) {
      const given = newcomer({ serviceProvider: reseller, role });
      expect((await refusalOf(() => createStaffMember(ctx, given))).code).toBe('FORBIDDEN');
      const { staffMemberId } = await createStaffMember(ctx, { ...given, role: 'PROVIDER_VIEWER' });
      const change = { staffMemberId, displayName: null, role, customRole: null, idempotencyKey: null };
      expect((await refusalOf(() => updateStaffMember(ctx, change))).code).toBe('FORBIDDEN');
      expect((await readStaff(world.keyward, staffMemberId)).role).toBe('PROVIDER_VIEWER');
    }
    const orgAdmin = newcomer({ organization: world.organization, role: 'ORG_ADMIN' });
    expect((await refusalOf(() => createStaffMember(ctx, orgAdmin))).code).toBe('FORBIDDEN');
    const strong = await makeRole(world.as(world.parentAdmin), reseller, ['apiKey:reveal']);
    const holder = newcomer({ serviceProvider: reseller, customRole: strong });
    expect((await refusalOf(() => createStaffMember(ctx, holder))).code).toBe('FORBIDDEN');
    expect((await createStaffMember(ctx, { ...holder, customRole: weak.role })).password).not.toBeNull();
  });

  test('defines no role that can do more, and neither widens nor narrows one that can', async ({ world, weak }) => {
    const ctx = world.as(weak.actor);
    const { reseller } = world.tenants;
    const create = { serviceProvider: reseller, name: 'Stronger', idempotencyKey: null };
    const stronger = () => createCustomRole(ctx, { ...create, permissions: ['apiKey:view', 'apiKey:sync'] });
    expect((await refusalOf(stronger)).code).toBe('FORBIDDEN');
    const own = await makeRole(ctx, reseller, ['apiKey:view']);
    const widen = { customRole: own, name: null, permissions: ['apiKey:view', 'apiKey:manage'], idempotencyKey: null };
    expect((await refusalOf(() => updateCustomRole(ctx, widen))).code).toBe('FORBIDDEN');
    const others = await makeRole(world.as(world.parentAdmin), reseller, ['apiKey:view', 'apiKey:manage']);
    const narrow = { ...widen, customRole: others, permissions: ['apiKey:view'] };
    expect((await refusalOf(() => updateCustomRole(ctx, narrow))).code).toBe('FORBIDDEN');
    const self = { ...widen, customRole: weak.role, permissions: ['staff:manage'] };
    expect((await refusalOf(() => updateCustomRole(ctx, self))).code).toBe('FORBIDDEN');
  });

  test.for(touching)(
    'does not %s somebody who can do more: to reset their password is to become them',
    async (name, { world, weak }) => {
      for (const { member } of [world.people.providerAdmin, world.people.providerSupport, world.people.orgAdmin]) {
        const expected = {
          code: 'FORBIDDEN',
          action: staffChanges[name].action,
          actor: weak.actor,
          trail: member,
        } as const;
        const call = () => staffChanges[name](world.as(weak.actor), member.id);
        await expectRefusal(world.keyward.database, expected, call);
      }
    },
  );
});

describe('an administrator of an organization', () => {
  test('appoints people of that organization only, and touches none of the provider', async ({ world }) => {
    const ctx = world.as(world.orgAdmin);
    for (const role of ['ORG_ADMIN', 'ORG_VIEWER'] as const) {
      const { staffMemberId } = await createStaffMember(ctx, newcomer({ organization: world.organization, role }));
      await staffChanges.deactivate(ctx, staffMemberId);
    }
    const provider = newcomer({ serviceProvider: world.tenants.reseller, role: 'PROVIDER_VIEWER' });
    expect((await refusalOf(() => createStaffMember(ctx, provider))).code).toBe('FORBIDDEN');
    const role = { serviceProvider: world.tenants.reseller, name: 'Own', permissions: ['apiKey:view'] };
    expect((await refusalOf(() => createCustomRole(ctx, { ...role, idempotencyKey: null }))).code).toBe('FORBIDDEN');
  });
});

describe('the platform', () => {
  test('appoints administrators who reveal keys, and defines no role that does', async ({ world }) => {
    const ctx = world.as(world.platformAdmin);
    const { reseller } = world.tenants;
    for (const place of [
      { serviceProvider: reseller, role: 'PROVIDER_ADMIN' },
      { organization: world.organization, role: 'ORG_ADMIN' },
      { role: 'PLATFORM_ADMIN' },
    ] as const) {
      await createStaffMember(ctx, newcomer(place));
    }
    const revealing = { serviceProvider: reseller, name: 'Revealing', permissions: ['apiKey:reveal'] };
    expect((await refusalOf(() => createCustomRole(ctx, { ...revealing, idempotencyKey: null }))).code).toBe(
      'FORBIDDEN',
    );
    const role = await makeRole(world.as(world.parentAdmin), reseller, ['apiKey:view', 'apiKey:reveal']);
    const holder = newcomer({ serviceProvider: reseller, customRole: role });
    expect((await refusalOf(() => createStaffMember(ctx, holder))).code).toBe('FORBIDDEN');
  });

  test('lets a program that manages people make nobody stronger than itself', async ({ world }) => {
    const permissions = new Set<Permission>(WEAK);
    const program: Actor = { ...world.platformAdmin, id: null, role: 'SERVICE_ACCOUNT', permissions };
    const ctx = world.as(program);
    for (const role of ['PLATFORM_ADMIN', 'PLATFORM_SUPPORT'] as const) {
      expect((await refusalOf(() => createStaffMember(ctx, newcomer({ role })))).code).toBe('FORBIDDEN');
    }
    const viewer = newcomer({ serviceProvider: world.tenants.reseller, role: 'PROVIDER_VIEWER' });
    expect((await createStaffMember(ctx, viewer)).password).not.toBeNull();
    expect((await refusalOf(() => staffChanges.reset(ctx, world.people.platformAdmin.member.id))).code).toBe(
      'FORBIDDEN',
    );
  });
});

describe('under a delegation', () => {
  test('nobody is made, changed or given a password: it would outlast it', async ({ world }) => {
    const { organization } = world;
    const { rootProviderId, organizationId } = organization;
    const delegated: Actor = {
      ...world.foreignAdmin,
      permissions: permissionsOf('PROVIDER_ADMIN'),
      scope: {
        level: 'ORGANIZATION',
        rootProviderId,
        providerId: world.tenants.reseller.serviceProviderId,
        organizationIds: [organizationId],
      },
      onBehalfOf: 'The provider that lent it',
    };
    const ctx = world.as(delegated);
    const { member } = await createStaff(world.keyward.services, 'ORG_VIEWER', organization);
    const given = newcomer({ organization, role: 'ORG_VIEWER' });
    expect((await refusalOf(() => createStaffMember(ctx, given))).code).toBe('FORBIDDEN');
    for (const name of touching) {
      expect((await refusalOf(() => staffChanges[name](ctx, member.id))).code).toBe('FORBIDDEN');
    }
    expect(await readStaff(world.keyward, member.id)).toMatchObject(member);
  });
});
