import { describe, expect } from 'vitest';
import { logIn } from '../../../src/authentication/login.service.ts';
import { verifyPassword } from '../../../src/identity/password.ts';
import { newId } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { type CreateStaffMember, createStaffMember } from '../../../src/staff/create-staff-member.service.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { type KeyWorld, type Person, test } from '../../support/key-world.ts';
import { makeRole, newcomer, readStaff } from '../../support/people.ts';
import { auditOf, readAudit, readRows } from '../../support/rows.ts';

const PASSWORD = 'a pass phrase to begin with';

function atReseller(world: KeyWorld, more: Partial<CreateStaffMember> = {}): CreateStaffMember {
  return newcomer({ serviceProvider: world.tenants.reseller, role: 'PROVIDER_VIEWER', ...more });
}

async function hashOf(world: KeyWorld, id: string): Promise<string> {
  const [row] = await world.keyward.database.query<{ hash: string }>(
    'select password_hash as hash from staff_member where id = $1',
    [id],
  );
  return row?.hash ?? '';
}

describe('somebody new', () => {
  test('belongs to the place that was named, and must change the password first', async ({ world }) => {
    const { organization, tenants } = world;
    const cases = [
      [world.platformAdmin, { role: 'PLATFORM_SUPPORT' }, { providerId: null, organizationId: null }],
      [
        world.providerAdmin,
        { role: 'PROVIDER_ADMIN', serviceProvider: tenants.reseller },
        { providerId: tenants.reseller.serviceProviderId, organizationId: null },
      ],
      [
        world.orgAdmin,
        { role: 'ORG_VIEWER', organization },
        { providerId: tenants.reseller.serviceProviderId, organizationId: organization.organizationId },
      ],
    ] as const;
    for (const [actor, input, place] of cases) {
      const { staffMemberId } = await createStaffMember(world.as(actor), newcomer(input));
      const member = await readStaff(world.keyward, staffMemberId);
      expect(member).toMatchObject({ ...place, role: input.role, passwordMustChange: true, deactivatedAt: null });
    }
  });

  test('is given a password that is told once, and none when one was given', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const generated = await createStaffMember(ctx, atReseller(world));
    const password = generated.password ?? new Secret('');
    expect(password.expose()).toMatch(/^[\w]{20}$/);
    expect(await verifyPassword(await hashOf(world, generated.staffMemberId), password)).toBe(true);
    const given = await createStaffMember(ctx, atReseller(world, { password: new Secret(PASSWORD) }));
    expect(given.password).toBeNull();
    expect(await verifyPassword(await hashOf(world, given.staffMemberId), new Secret(PASSWORD))).toBe(true);
  });

  test('is one audit row, with what they may do and without the password', async ({ world }) => {
    const input = atReseller(world, { password: new Secret(PASSWORD) });
    const rows = await auditOf(world.keyward.database, () => createStaffMember(world.as(world.providerAdmin), input));
    expect(rows).toMatchObject([
      {
        action: 'staff_member.create',
        result: 'OK',
        actor_id: world.providerAdmin.id,
        provider_path: [world.tenants.root.serviceProviderId, world.tenants.reseller.serviceProviderId],
        organization_id: null,
        before: null,
        after: {
          username: input.username,
          displayName: 'Newcomer',
          role: 'PROVIDER_VIEWER',
          permissions: ['apiKey:view'],
          isActive: true,
          mustChangePassword: true,
        },
      },
    ]);
    const everything = JSON.stringify(await readRows(world.keyward.database, []));
    expect(everything).not.toContain(PASSWORD);
  });

  test('signs in under the name as it was given, in any case, and stays the only one of it', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const input = atReseller(world, { password: new Secret(PASSWORD) });
    await createStaffMember(ctx, input);
    const attempt = { username: input.username.toUpperCase(), password: new Secret(PASSWORD) };
    const request = { now: new Date(), requestId: 'test', ipAddress: null };
    expect((await refusalOf(() => logIn(world.keyward.services, { ...attempt, ...request }, 60))).code).toBe(
      'PASSWORD_CHANGE_REQUIRED',
    );
    // The name is taken for everybody: people sign in with nothing else.
    for (const person of ['providerAdmin', 'foreignAdmin', 'platformAdmin'] as const) {
      const place = person === 'foreignAdmin' ? world.tenants.foreignRoot : world.tenants.reseller;
      const again = atReseller(world, { username: ` ${input.username.toUpperCase()}`, serviceProvider: place });
      const refusal = await refusalOf(() => createStaffMember(world.as(world[person]), again));
      expect(refusal).toMatchObject({ code: 'DUPLICATE_NAME', field: ['username'] });
    }
  });

  test('may have a role of the provider or of one above it', async ({ world }) => {
    const ctx = world.as(world.parentAdmin);
    const customRole = await makeRole(ctx, world.tenants.root, ['apiKey:view', 'apiKey:manage']);
    for (const place of [{ serviceProvider: world.tenants.reseller }, { organization: world.organization }]) {
      const { staffMemberId } = await createStaffMember(ctx, newcomer({ ...place, customRole }));
      expect(await readStaff(world.keyward, staffMemberId)).toMatchObject({
        role: null,
        customRoleId: customRole.customRoleId,
        customPermissions: ['apiKey:view', 'apiKey:manage'],
      });
    }
  });
});

describe('two at once', () => {
  test('under one name are one', async ({ world }) => {
    const input = atReseller(world, { password: new Secret(PASSWORD) });
    const results = await Promise.allSettled([
      createStaffMember(world.as(world.providerAdmin), input),
      createStaffMember(world.as(world.parentAdmin), input),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const rows = await world.keyward.database.query('select from staff_member where username = $1', [input.username]);
    expect(rows).toHaveLength(1);
  });

  test('with one idempotency key are one, and the password is told to the first only', async ({ world }) => {
    const ctx = world.as(world.providerAdmin);
    const input = atReseller(world, { idempotencyKey: `key of ${world.providerAdmin.id}` });
    const outcomes = await Promise.all([createStaffMember(ctx, input), createStaffMember(ctx, input)]);
    expect(new Set(outcomes.map(({ staffMemberId }) => staffMemberId)).size).toBe(1);
    expect(outcomes.filter(({ password }) => password !== null)).toHaveLength(1);
    const again = await createStaffMember(ctx, input);
    expect(again).toEqual({ staffMemberId: outcomes[0]?.staffMemberId, password: null });
    const other = { ...input, password: new Secret(PASSWORD) };
    expect((await refusalOf(() => createStaffMember(ctx, other))).code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('is refused', () => {
  interface Refused {
    readonly what: string;
    readonly person: Person;
    readonly input: (world: KeyWorld) => Partial<CreateStaffMember>;
    readonly code: 'NOT_FOUND' | 'FORBIDDEN' | 'VALIDATION_FAILED';
    readonly field: string | null;
  }
  const noPlace = { serviceProvider: null, organization: null };
  const madeUp = (world: KeyWorld) => ({
    serviceProvider: { ...world.tenants.root, serviceProviderId: newId<'ServiceProvider'>() },
  });
  const cases: Refused[] = [
    ...(['siblingAdmin', 'foreignAdmin'] as const).map((person) => ({
      what: 'at a provider out of sight',
      person,
      input: (world: KeyWorld) => ({ serviceProvider: world.tenants.reseller }),
      code: 'NOT_FOUND' as const,
      field: 'serviceProviderId',
    })),
    ...(['providerAdmin', 'platformAdmin'] as const).map((person) => ({
      what: 'at a provider that there is not',
      person,
      input: madeUp,
      code: 'NOT_FOUND' as const,
      field: 'serviceProviderId',
    })),
    {
      what: 'at the provider above',
      person: 'providerAdmin',
      input: (world) => ({ serviceProvider: world.tenants.root }),
      code: 'NOT_FOUND',
      field: 'serviceProviderId',
    },
    {
      what: 'in another organization',
      person: 'otherOrgAdmin',
      input: (world) => ({ serviceProvider: null, organization: world.organization, role: 'ORG_VIEWER' }),
      code: 'NOT_FOUND',
      field: 'organizationId',
    },
    {
      what: 'at an id of nothing',
      person: 'platformAdmin',
      input: () => ({ serviceProvider: 'UNKNOWN' }),
      code: 'NOT_FOUND',
      field: 'serviceProviderId',
    },
    {
      what: "at the provider of one's organization",
      person: 'orgAdmin',
      input: (world) => ({ serviceProvider: world.tenants.reseller }),
      code: 'FORBIDDEN',
      field: null,
    },
    ...(['providerAdmin', 'orgAdmin'] as const).map((person) => ({
      what: 'at the platform',
      person,
      input: () => ({ ...noPlace, role: 'PLATFORM_SUPPORT' as const }),
      code: 'FORBIDDEN' as const,
      field: null,
    })),
    ...(['providerSupport', 'providerViewer', 'orgViewer', 'platformSupport'] as const).map((person) => ({
      what: 'without staff:manage',
      person,
      input: (world: KeyWorld) => ({ serviceProvider: world.tenants.reseller }),
      code: 'FORBIDDEN' as const,
      field: null,
    })),
    ...(
      [
        ['both places', (world: KeyWorld) => ({ organization: world.organization }), 'serviceProviderId'],
        ['no role', () => ({ role: null }), 'role'],
        ['a role of another place', () => ({ role: 'ORG_ADMIN' as const }), 'role'],
        ['a role of the platform', () => ({ role: 'PLATFORM_ADMIN' as const }), 'role'],
        ['a blank name', () => ({ username: ' \t' }), 'username'],
        ['a name of two lines', () => ({ username: 'a\nb' }), 'username'],
        ['a name too long', () => ({ username: 'x'.repeat(201) }), 'username'],
        ['a blank display name', () => ({ displayName: '' }), 'displayName'],
        ['a short password', () => ({ password: new Secret('too short') }), 'password'],
        ['a common password', () => ({ password: new Secret('password1234') }), 'password'],
      ] as const
    ).map(([what, input, field]) => ({
      what: `with ${what}`,
      person: 'providerAdmin' as const,
      input,
      code: 'VALIDATION_FAILED' as const,
      field,
    })),
  ];

  test.for(cases)('$what ($person): $code', async ({ person, input, code, field }, { world }) => {
    const given = atReseller(world, input(world));
    const call = () => createStaffMember(world.as(world[person]), given);
    const before = await readRows(world.keyward.database);
    const trail = (await readAudit(world.keyward.database)).length;
    const refusal = await refusalOf(call);
    expect([refusal.code, refusal.field]).toEqual([code, field === null ? null : [field]]);
    expect(await readRows(world.keyward.database)).toEqual(before);
    const rows = (await readAudit(world.keyward.database)).slice(trail);
    expect(rows).toMatchObject([
      { action: 'staff_member.create', result: code, actor_id: world[person].id, after: null },
    ]);
  });

  test('out of sight exactly as when there is no such provider', async ({ world }) => {
    const { database } = world.keyward;
    const found = [];
    for (const serviceProvider of [world.tenants.reseller, madeUp(world).serviceProvider, 'UNKNOWN' as const]) {
      const call = () => createStaffMember(world.as(world.foreignAdmin), atReseller(world, { serviceProvider }));
      const actor = world.foreignAdmin;
      const expected = { code: 'NOT_FOUND', action: 'staff_member.create', actor, trail: actor.home } as const;
      found.push((await expectRefusal(database, expected, call)).error.message);
    }
    expect(new Set(found).size).toBe(1);
  });
});
