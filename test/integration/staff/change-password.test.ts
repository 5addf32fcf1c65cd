import { describe, expect } from 'vitest';
import { type ChangePassword, changePassword } from '../../../src/authentication/password.service.ts';
import { verifyPassword } from '../../../src/identity/password.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { type KeyWorld, type Person, test } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';
import { insertSession } from '../../support/tenant-rows/access.ts';

const NEXT = 'a pass phrase of their own';

function change(world: KeyWorld, person: Person, more: Partial<ChangePassword> = {}): ChangePassword {
  const currentPassword = new Secret(world.people[person].password);
  return { currentPassword, newPassword: new Secret(NEXT), idempotencyKey: null, ...more };
}

async function opens(world: KeyWorld, person: Person, password: string): Promise<boolean> {
  const [row] = await world.keyward.database.query<{ hash: string }>(
    'select password_hash as hash from staff_member where id = $1',
    [world.people[person].member.id],
  );
  return verifyPassword(row?.hash ?? null, new Secret(password));
}

/** Each test from an address of its own: failures are counted by it. */
function contextOf(world: KeyWorld, person: Person) {
  return { ...world.as(world[person]), ipAddress: `address of ${world[person].id}` };
}

describe('changing the own password', () => {
  test.for(['platformAdmin', 'providerViewer', 'orgViewer'] as const)(
    'is open to everybody: %s',
    async (person, { world }) => {
      const { database } = world.keyward;
      const { member } = world.people[person];
      await insertSession(database, member, member.id);
      await database.query('update staff_member set password_must_change = true where id = $1', [member.id]);
      const rows = await auditOf(database, () => changePassword(contextOf(world, person), change(world, person)));
      expect(await opens(world, person, NEXT)).toBe(true);
      expect(rows).toMatchObject([
        {
          action: 'staff_member.change_password',
          result: 'OK',
          target: member.id,
          before: { mustChangePassword: true },
          after: { mustChangePassword: false },
        },
      ]);
      expect(await database.query('select from staff_session where staff_member_id = $1', [member.id])).toEqual([]);
    },
  );

  test('takes the right one first, and five wrong ones a minute are enough', async ({ world }) => {
    const ctx = contextOf(world, 'orgAdmin');
    const wrong = change(world, 'orgAdmin', { currentPassword: new Secret('a wrong pass phrase') });
    const rows = await auditOf(world.keyward.database, async () => {
      for (let attempt = 0; attempt < 5; attempt++) {
        expect(await refusalOf(() => changePassword(ctx, wrong))).toMatchObject({
          code: 'VALIDATION_FAILED',
          field: ['currentPassword'],
        });
      }
    });
    expect(rows.map(({ result }) => result)).toEqual(Array(5).fill('VALIDATION_FAILED'));
    expect((await refusalOf(() => changePassword(ctx, change(world, 'orgAdmin')))).code).toBe('RATE_LIMITED');
    expect(await opens(world, 'orgAdmin', world.people.orgAdmin.password)).toBe(true);
  });

  test.for(['too short', 'password1234', 'correct horse battery'])('does not take %j', async (next, { world }) => {
    const input = change(world, 'orgAdmin', { newPassword: new Secret(next) });
    expect(await refusalOf(() => changePassword(contextOf(world, 'orgAdmin'), input))).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: ['newPassword'],
    });
    expect(await opens(world, 'orgAdmin', world.people.orgAdmin.password)).toBe(true);
  });

  test('with the same idempotency key answers the same, although the old password is right no more', async ({
    world,
  }) => {
    const ctx = contextOf(world, 'orgAdmin');
    const input = change(world, 'orgAdmin', { idempotencyKey: 'once' });
    const first = await changePassword(ctx, input);
    expect(await changePassword(ctx, input)).toBe(first);
    const other = { ...input, newPassword: new Secret('yet another pass phrase') };
    expect((await refusalOf(() => changePassword(ctx, other))).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await opens(world, 'orgAdmin', NEXT)).toBe(true);
  });

  test('is for people only, and not for whoever acts for another provider', async ({ world }) => {
    const ctx = contextOf(world, 'orgAdmin');
    const program = { ...ctx, actor: { ...ctx.actor, id: world.organization.organizationId as never } };
    const delegated = { ...ctx, actor: { ...ctx.actor, onBehalfOf: 'Another provider' } };
    for (const other of [program, delegated]) {
      expect((await refusalOf(() => changePassword(other, change(world, 'orgAdmin')))).code).toBe('FORBIDDEN');
    }
  });
});
