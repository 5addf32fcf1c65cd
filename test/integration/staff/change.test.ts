import { describe, expect } from 'vitest';
import { findDirectoryEntry } from '../../../src/directory/directory.repository.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { createStaffMember } from '../../../src/staff/create-staff-member.service.ts';
import {
  deactivateStaffMember,
  endStaffSessions,
  reactivateStaffMember,
  removeStaffMember,
  updateStaffMember,
} from '../../../src/staff/staff-member.service.ts';
import type { StaffMember } from '../../../src/staff/staff-member.ts';
import { resetStaffPassword } from '../../../src/staff/staff-password.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { createHolder, makeRole, newcomer, readStaff, type StaffChange, staffChanges } from '../../support/people.ts';
import { auditOf } from '../../support/rows.ts';
import { insertSession, insertTrustedIssuer } from '../../support/tenant-rows/access.ts';

const test = base.extend('viewer', ({ world }) => world.people.providerViewer.member);

function input(member: Pick<StaffMember, 'id'>, idempotencyKey: string | null = null) {
  return { staffMemberId: member.id, idempotencyKey };
}

const unchanged = { displayName: null, role: null, customRole: null };

async function sessionsOf(world: KeyWorld, { id }: StaffMember): Promise<number> {
  const rows = await world.keyward.database.query('select from staff_session where staff_member_id = $1', [id]);
  return rows.length;
}

describe('a change', () => {
  test('of the role is the new role, and the end of the sessions', async ({ world, viewer }) => {
    await insertSession(world.keyward.database, viewer, viewer.id);
    const rows = await auditOf(world.keyward.database, () =>
      updateStaffMember(world.as(world.providerAdmin), { ...input(viewer), ...unchanged, role: 'PROVIDER_SUPPORT' }),
    );
    expect(await readStaff(world.keyward, viewer.id)).toMatchObject({ role: 'PROVIDER_SUPPORT', sessionEpoch: 1 });
    expect(await sessionsOf(world, viewer)).toBe(0);
    expect(rows).toMatchObject([
      {
        action: 'staff_member.update',
        target: viewer.id,
        result: 'OK',
        before: { role: 'PROVIDER_VIEWER', permissions: ['apiKey:view'] },
        after: { role: 'PROVIDER_SUPPORT', permissions: ['apiKey:view', 'apiKey:enable', 'audit:view'] },
      },
    ]);
  });

  test('to a custom role and back keeps nothing of it', async ({ world, viewer }) => {
    const ctx = world.as(world.providerAdmin);
    const customRole = await makeRole(ctx, world.tenants.reseller, ['apiKey:view', 'apiKey:manage']);
    await updateStaffMember(ctx, { ...input(viewer), ...unchanged, customRole });
    expect(await readStaff(world.keyward, viewer.id)).toMatchObject({
      role: null,
      customRoleId: customRole.customRoleId,
      customPermissions: ['apiKey:view', 'apiKey:manage'],
    });
    await updateStaffMember(ctx, { ...input(viewer), ...unchanged, role: 'PROVIDER_VIEWER' });
    expect(await readStaff(world.keyward, viewer.id)).toMatchObject({
      role: 'PROVIDER_VIEWER',
      customRoleId: null,
      customRoleName: null,
      customPermissions: [],
      sessionEpoch: 2,
    });
  });

  test('of the name, or to the role that they have, ends no session', async ({ world, viewer }) => {
    await insertSession(world.keyward.database, viewer, viewer.id);
    const ctx = world.as(world.providerAdmin);
    await updateStaffMember(ctx, { ...input(viewer), ...unchanged, displayName: ' Another Name ' });
    await updateStaffMember(ctx, { ...input(viewer), ...unchanged, role: 'PROVIDER_VIEWER' });
    expect(await readStaff(world.keyward, viewer.id)).toMatchObject({ displayName: 'Another Name', sessionEpoch: 0 });
    expect(await sessionsOf(world, viewer)).toBe(1);
  });

  test.for(['deactivate', 'reset', 'endSessions'] as const)(
    'by %s ends every session',
    async (name, { world, viewer }) => {
      for (let count = 0; count < 3; count++) await insertSession(world.keyward.database, viewer, viewer.id);
      await staffChanges[name](world.as(world.providerAdmin), viewer.id);
      expect(await sessionsOf(world, viewer)).toBe(0);
      expect((await readStaff(world.keyward, viewer.id)).sessionEpoch).toBe(1);
    },
  );

  test('there and back is a deactivation and a reactivation', async ({ world, viewer }) => {
    const now = new Date('2026-11-21T10:00:00Z');
    await deactivateStaffMember(world.as(world.providerAdmin, now), input(viewer));
    expect((await readStaff(world.keyward, viewer.id)).deactivatedAt).toEqual(now);
    const again = await refusalOf(() => deactivateStaffMember(world.as(world.providerAdmin), input(viewer)));
    expect(again.code).toBe('ALREADY_DISABLED');
    await reactivateStaffMember(world.as(world.providerAdmin), input(viewer));
    expect((await readStaff(world.keyward, viewer.id)).deactivatedAt).toBeNull();
    const active = await refusalOf(() => reactivateStaffMember(world.as(world.providerAdmin), input(viewer)));
    expect(active.code).toBe('NOT_DISABLED');
  });

  test('with the same idempotency key happens once', async ({ world, viewer }) => {
    const ctx = world.as(world.providerAdmin);
    const once = { ...input(viewer, 'once'), password: null };
    const [first, second] = [await resetStaffPassword(ctx, once), await resetStaffPassword(ctx, once)];
    expect(first.password).not.toBeNull();
    expect(second).toEqual({ ...first, password: null });
    expect((await readStaff(world.keyward, viewer.id)).sessionEpoch).toBe(1);
    const other = { ...once, password: new Secret('a pass phrase to go on with') };
    expect((await refusalOf(() => resetStaffPassword(ctx, other))).code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('of everybody about themselves is the end of their own sessions', async ({ world, viewer }) => {
    await insertSession(world.keyward.database, viewer, viewer.id);
    await endStaffSessions(world.as(world.providerViewer), input(viewer));
    expect(await sessionsOf(world, viewer)).toBe(0);
  });
});

describe('a removal', () => {
  test('frees the name, by whomever it is done, and leaves what they did in the trail', async ({ world }) => {
    const { database, services } = world.keyward;
    for (const person of ['providerAdmin', 'platformAdmin'] as const) {
      const ctx = world.as(world[person]);
      const given = newcomer({ serviceProvider: world.tenants.reseller, role: 'PROVIDER_VIEWER' });
      const { staffMemberId } = await createStaffMember(ctx, given);
      const member = await readStaff(world.keyward, staffMemberId);
      await insertSession(database, member, member.id);
      const rows = await auditOf(database, () => removeStaffMember(ctx, input(member)));
      expect(rows).toMatchObject([{ before: { username: given.username }, after: null, target: member.id }]);
      expect(await database.query('select from staff_member where id = $1', [member.id])).toEqual([]);
      expect(await sessionsOf(world, member)).toBe(0);
      const entry = await services.database.read({ level: 'DIRECTORY', key: given.username }, (tx) =>
        findDirectoryEntry(tx, 'LOGIN_NAME', given.username),
      );
      expect(entry).toBeNull();
      const again = await createStaffMember(world.as(world.foreignAdmin), {
        ...given,
        serviceProvider: world.tenants.foreignRoot,
      });
      expect(again.staffMemberId).not.toBe(member.id);
    }
  });
});

describe('somebody who signs in at a trusted issuer', () => {
  async function externalViewer(world: KeyWorld): Promise<StaffMember> {
    const { member } = world.people.providerViewer;
    const issuerId = await insertTrustedIssuer(world.keyward.database, { ...member, organizationId: null });
    await world.keyward.database.query(
      `update staff_member set password_hash = null, trusted_issuer_id = $2, external_subject = 'subject' where id = $1`,
      [member.id, issuerId],
    );
    return readStaff(world.keyward, member.id);
  }

  test('has neither a role nor a password of ours to change, and can be deactivated', async ({ world }) => {
    const member = await externalViewer(world);
    const ctx = world.as(world.providerAdmin);
    const role = { ...input(member), ...unchanged, role: 'PROVIDER_SUPPORT' } as const;
    expect(await refusalOf(() => updateStaffMember(ctx, role))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['role'],
    });
    expect(await refusalOf(() => resetStaffPassword(ctx, { ...input(member), password: null }))).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    await updateStaffMember(ctx, { ...input(member), ...unchanged, displayName: 'Another name' });
    await deactivateStaffMember(ctx, input(member));
    expect(await readStaff(world.keyward, member.id)).toMatchObject({ displayName: 'Another name' });
  });
});

describe('is refused', () => {
  const names = Object.keys(staffChanges) as StaffChange[];
  const strangers = ['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin', 'orgAdmin'] as const;
  const cases = names.flatMap((name) => strangers.map((person) => ({ name, person })));

  test.for(cases)(
    '$name of somebody out of sight, as of nobody: $person',
    async ({ name, person }, { world, viewer }) => {
      const actor = world[person];
      const expected = { code: 'NOT_FOUND', action: staffChanges[name].action, actor, trail: actor.home } as const;
      const errors = [];
      for (const id of [viewer.id, world.organization.organizationId as never, null]) {
        const call = () => staffChanges[name](world.as(actor), id);
        const { error } = await expectRefusal(world.keyward.database, expected, call);
        errors.push([error.message, error.field]);
      }
      expect(new Set(errors.map((error) => JSON.stringify(error))).size).toBe(1);
    },
  );

  test.for(names)('%s of a colleague without staff:manage: FORBIDDEN', async (name, { world, viewer }) => {
    const actor = world.providerSupport;
    const expected = { code: 'FORBIDDEN', action: staffChanges[name].action, actor, trail: viewer } as const;
    await expectRefusal(world.keyward.database, expected, () => staffChanges[name](world.as(actor), viewer.id));
  });

  test.for(names.filter((name) => name !== 'endSessions' && name !== 'rename'))(
    '%s of oneself: FORBIDDEN',
    async (name, { world }) => {
      const { actor, member } = world.people.providerAdmin;
      const expected = { code: 'FORBIDDEN', action: staffChanges[name].action, actor, trail: member } as const;
      const call = () => staffChanges[name](world.as(actor), member.id);
      const { error } = await expectRefusal(world.keyward.database, expected, call);
      expect(error.message).toContain('themselves');
    },
  );

  test('both kinds of role at once, and a role of another place', async ({ world, viewer }) => {
    const ctx = world.as(world.providerAdmin);
    const { customRoleId, rootProviderId } = (
      await createHolder(
        world.keyward,
        ctx,
        { serviceProvider: world.tenants.reseller },
        await makeRole(ctx, world.tenants.reseller, ['apiKey:view']),
      )
    ).member;
    const customRole = customRoleId === null ? null : { rootProviderId, customRoleId };
    for (const role of [{ role: 'PROVIDER_SUPPORT', customRole }, { role: 'ORG_ADMIN' }, { role: 'PLATFORM_ADMIN' }]) {
      const change = { ...input(viewer), ...unchanged, ...role } as Parameters<typeof updateStaffMember>[1];
      expect((await refusalOf(() => updateStaffMember(ctx, change))).code).toBe('VALIDATION_FAILED');
    }
  });
});

describe('the last active administrator of the platform', () => {
  test('stays, even when two administrators part with each other at once', async ({ world }) => {
    const { platformAdmin, platformSupport } = world;
    await world.keyward.database.query(
      `update staff_member set role = 'PLATFORM_SUPPORT' where role = 'PLATFORM_ADMIN' and id <> $1`,
      [platformAdmin.id],
    );
    await world.keyward.database.query(`update staff_member set role = 'PLATFORM_ADMIN' where id = $1`, [
      platformSupport.id,
    ]);
    const other = { ...platformAdmin, id: platformSupport.id };
    const attempts = await Promise.allSettled([
      staffChanges.deactivate(world.as(platformAdmin), world.people.platformSupport.member.id),
      staffChanges.remove(world.as(other), world.people.platformAdmin.member.id),
    ]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const left = await world.keyward.database.query<{ id: string }>(
      `select id from staff_member where role = 'PLATFORM_ADMIN' and deactivated_at is null`,
    );
    expect(left).toHaveLength(1);
    // Not by a token that is still believed, nor by a program that manages people.
    const program = { ...platformAdmin, id: null };
    for (const name of ['deactivate', 'remove', 'demote'] as const) {
      const last = (left[0]?.id ?? '') as StaffMember['id'];
      const refusal = await refusalOf(() => staffChanges[name](world.as(program), last));
      expect(refusal).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('last active') });
    }
  });
});
