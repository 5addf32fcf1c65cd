import { describe, expect } from 'vitest';
import { newId } from '../../../src/ids.ts';
import { createStaffMember } from '../../../src/staff/create-staff-member.service.ts';
import {
  createCustomRole,
  deleteCustomRole,
  type UpdateCustomRole,
  updateCustomRole,
} from '../../../src/staff/custom-role.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { createHolder, makeRole, newcomer, readStaff, staffChanges } from '../../support/people.ts';
import { auditOf } from '../../support/rows.ts';
import { insertSession } from '../../support/tenant-rows/access.ts';

type RoleRef = UpdateCustomRole['customRole'];

function update(customRole: RoleRef, more: Partial<UpdateCustomRole> = {}): UpdateCustomRole {
  return { customRole, name: null, permissions: null, idempotencyKey: null, ...more };
}

function create(world: KeyWorld, name: string, permissions: readonly string[] = ['apiKey:view']) {
  return { serviceProvider: world.tenants.reseller, name, permissions, idempotencyKey: null };
}

describe('a custom role', () => {
  test('is made once of a name, each time as one audit row', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const rows = await auditOf(world.keyward.database, () =>
      createCustomRole(ctx, create(world, ' Key Keeper ', ['apiKey:manage', 'apiKey:view', 'apiKey:view'])),
    );
    expect(rows).toMatchObject([
      {
        action: 'custom_role.create',
        result: 'OK',
        organization_id: null,
        before: null,
        after: { name: 'Key Keeper', permissions: ['apiKey:view', 'apiKey:manage'] },
      },
    ]);
    const again = await refusalOf(() => createCustomRole(ctx, create(world, 'KEY  KEEPER')));
    expect(again).toMatchObject({ code: 'DUPLICATE_NAME', field: ['name'] });
    const role = await makeRole(ctx, world.tenants.reseller, ['apiKey:view']);
    const renamed = await refusalOf(() => updateCustomRole(ctx, update(role, { name: 'key keeper' })));
    expect(renamed).toMatchObject({ code: 'DUPLICATE_NAME', field: ['name'] });
    // Another provider's roles are its own affair.
    await createCustomRole(world.as(world.siblingAdmin), {
      ...create(world, 'Key Keeper'),
      serviceProvider: world.tenants.otherReseller,
    });
  });

  test.for([[], ['gateway:verify'], ['apiKey:view', 'everything'], ['apikey:view']])(
    'is not made of %j',
    async (permissions, { world }) => {
      const refusal = await refusalOf(() =>
        createCustomRole(world.as(world.providerAdmin), create(world, 'Odd', permissions)),
      );
      expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: ['permissions'] });
    },
  );

  test('that changes, changes at everybody who has it, above and below, and ends their sessions', async ({ world }) => {
    const { database } = world.keyward;
    const ctx = world.as(world.parentAdmin);
    const role = await makeRole(ctx, world.tenants.root, ['apiKey:view', 'apiKey:manage']);
    const places = [
      { serviceProvider: world.tenants.root },
      { serviceProvider: world.tenants.reseller },
      { organization: world.organization },
    ];
    const holders = await Promise.all(places.map((place) => createHolder(world.keyward, ctx, place, role)));
    const other = await createHolder(
      world.keyward,
      ctx,
      { serviceProvider: world.tenants.reseller },
      await makeRole(ctx, world.tenants.root, ['apiKey:view']),
    );
    for (const { member } of [...holders, other]) await insertSession(database, member, member.id);
    const rows = await auditOf(database, () =>
      updateCustomRole(ctx, update(role, { name: 'Watcher', permissions: ['apiKey:view', 'audit:view'] })),
    );
    expect(rows).toMatchObject([
      { action: 'custom_role.update', after: { name: 'Watcher', permissions: ['apiKey:view', 'audit:view'] } },
    ]);
    for (const { member } of holders) {
      expect(await readStaff(world.keyward, member.id)).toMatchObject({
        customRoleName: 'Watcher',
        customPermissions: ['apiKey:view', 'audit:view'],
        sessionEpoch: member.sessionEpoch + 1,
      });
    }
    expect(await readStaff(world.keyward, other.member.id)).toEqual(other.member);
    const ids = [...holders, other].map(({ member }) => member.id);
    const sessions = await database.query(
      'select staff_member_id from staff_session where staff_member_id = any ($1)',
      [ids],
    );
    expect(sessions).toEqual([{ staff_member_id: other.member.id }]);
  });

  test('that changes while it is being given is given as it is afterwards', async ({ world, keyward }) => {
    const ctx = world.as(world.parentAdmin);
    const role = await makeRole(ctx, world.tenants.reseller, ['apiKey:view', 'apiKey:manage']);
    const lines = keyward.logLines.length;
    const creation = createStaffMember(ctx, newcomer({ serviceProvider: world.tenants.reseller, customRole: role }));
    // It has read the role, and hashes the password.
    const isRead = () => keyward.logLines.slice(lines).some((line) => line.includes('custom_role.share'));
    await expect.poll(isRead, { interval: 1 }).toBe(true);
    await updateCustomRole(ctx, update(role, { permissions: ['apiKey:view'] }));
    const member = await readStaff(world.keyward, (await creation).staffMemberId);
    expect(member).toMatchObject({ customRoleId: role.customRoleId, customPermissions: ['apiKey:view'] });
  });

  test('that people of organizations have is not widened beyond what they can hold', async ({ world }) => {
    const ctx = world.as(world.parentAdmin);
    const role = await makeRole(ctx, world.tenants.reseller, ['apiKey:view']);
    await createHolder(world.keyward, ctx, { organization: world.organization }, role);
    const wide = update(role, { permissions: ['apiKey:view', 'apiKey:sync'] });
    expect(await refusalOf(() => updateCustomRole(ctx, wide))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['permissions'],
    });
    const staff = await makeRole(ctx, world.tenants.reseller, ['apiKey:view', 'apiKey:sync']);
    const given = newcomer({ organization: world.organization, customRole: staff });
    expect(await refusalOf(() => createStaffMember(ctx, given))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['customRoleId'],
    });
  });

  test('goes when nobody has it any more, not even somebody who is deactivated', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const role = await makeRole(ctx, world.tenants.reseller, ['apiKey:view']);
    const { member } = await createHolder(world.keyward, ctx, { serviceProvider: world.tenants.reseller }, role);
    await staffChanges.deactivate(ctx, member.id);
    const call = () => deleteCustomRole(ctx, { customRole: role, idempotencyKey: null });
    expect(await refusalOf(call)).toMatchObject({ code: 'ROLE_IN_USE', field: ['customRoleId'] });
    await staffChanges.remove(ctx, member.id);
    await call();
    expect((await refusalOf(call)).code).toBe('NOT_FOUND');
  });
});

describe('a custom role of somebody else', () => {
  test.for(['siblingAdmin', 'foreignAdmin', 'orgAdmin', 'otherOrgAdmin'] as const)(
    'is out of sight and answers as one that there is not: %s',
    async (person, { world }) => {
      const actor = world[person];
      const role = await makeRole(world.as(world.providerAdmin), world.tenants.reseller, ['apiKey:view']);
      const missing = { ...role, customRoleId: newId<'CustomRole'>() };
      const organization = await createTestOrganization(
        world.keyward.services,
        world.tenants.platformAdmin,
        world.tenants.foreignRoot,
        null,
      );
      for (const [action, run] of [
        ['custom_role.update', (ref: RoleRef) => updateCustomRole(world.as(actor), update(ref, { name: 'Mine' }))],
        [
          'custom_role.delete',
          (customRole: RoleRef) => deleteCustomRole(world.as(actor), { customRole, idempotencyKey: null }),
        ],
      ] as const) {
        const errors = [];
        for (const ref of [role, missing, null]) {
          const expected = { code: 'NOT_FOUND', action, actor, trail: actor.home } as const;
          const { error } = await expectRefusal(world.keyward.database, expected, () => run(ref));
          errors.push(error.message);
        }
        expect(new Set(errors).size).toBe(1);
      }
      const places = {
        siblingAdmin: { serviceProvider: world.tenants.otherReseller },
        foreignAdmin: { organization },
        orgAdmin: { organization: world.organization },
        otherOrgAdmin: { organization: world.organization },
      };
      const given = newcomer({ ...places[person], customRole: role });
      expect((await refusalOf(() => createStaffMember(world.as(actor), given))).code).toBe('NOT_FOUND');
    },
  );

  test('above is not given by a reseller, and one below not above', async ({ world }) => {
    const above = await makeRole(world.as(world.parentAdmin), world.tenants.root, ['apiKey:view']);
    const here = newcomer({ serviceProvider: world.tenants.reseller, customRole: above });
    expect(await refusalOf(() => createStaffMember(world.as(world.providerAdmin), here))).toMatchObject({
      code: 'NOT_FOUND',
      field: ['customRoleId'],
    });
    const below = await makeRole(world.as(world.providerAdmin), world.tenants.reseller, ['apiKey:view']);
    const there = newcomer({ serviceProvider: world.tenants.root, customRole: below });
    expect(await refusalOf(() => createStaffMember(world.as(world.parentAdmin), there))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['customRoleId'],
    });
  });

  test.for(['providerSupport', 'providerViewer'] as const)(
    'is not touched without staff:manage: %s',
    async (person, { world }) => {
      const actor = world[person];
      const role = await makeRole(world.as(world.providerAdmin), world.tenants.reseller, ['apiKey:view']);
      const trail = { rootProviderId: role.rootProviderId, organizationId: null };
      const expected = { code: 'FORBIDDEN', action: 'custom_role.update', actor, trail } as const;
      const call = () => updateCustomRole(world.as(actor), update(role, { name: 'Mine' }));
      await expectRefusal(world.keyward.database, expected, call);
    },
  );
});
