import { describe, expect } from 'vitest';
import { type Permission, permissions } from '../../../src/identity/permissions.ts';
import { newId, PLATFORM_ROOT_ID } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { hashClientSecret } from '../../../src/service-account/client-secret.ts';
import { createServiceAccount } from '../../../src/service-account/service-account.service.ts';
import { mostOfServiceAccount } from '../../../src/service-account/service-account.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';
import { type KeyWorld, type Person, test } from '../../support/key-world.ts';
import { foundIn } from '../../support/needles.ts';
import { auditOf, readRows } from '../../support/rows.ts';
import { accountInput } from '../../support/service-accounts.ts';

function placesOf({ tenants, organization }: KeyWorld) {
  return { PLATFORM: 'PLATFORM', ROOT: tenants.root, RESELLER: tenants.reseller, ORGANIZATION: organization } as const;
}
type PlaceName = keyof ReturnType<typeof placesOf>;

function rowsOf(world: KeyWorld, id: string) {
  return world.keyward.database.query(
    `select a.root_provider_id, a.provider_id, a.provider_path::text[], a.organization_id, a.name, a.permissions,
       a.created_by_id, a.created_by_name, a.last_used_at, a.revoked_at, s.hash
     from service_account a join service_account_secret s
       on s.root_provider_id = a.root_provider_id and s.service_account_id = a.id
       and s.provider_path = a.provider_path and s.organization_id is not distinct from a.organization_id
     where a.id = $1`,
    [id],
  );
}

describe('a service account is created', () => {
  const allowed: [Person, PlaceName][] = [
    ['platformAdmin', 'PLATFORM'],
    ['platformAdmin', 'ROOT'],
    ['platformAdmin', 'ORGANIZATION'],
    ['parentAdmin', 'ROOT'],
    ['parentAdmin', 'RESELLER'],
    ['parentAdmin', 'ORGANIZATION'],
    ['providerAdmin', 'RESELLER'],
    ['providerAdmin', 'ORGANIZATION'],
    ['orgAdmin', 'ORGANIZATION'],
  ];
  test.for(allowed)(
    'by %s at %s, with one secret that is told once and kept as a hash',
    async ([person, at], { world }) => {
      const place = placesOf(world)[at];
      const input = accountInput(place, ['audit:view', 'apiKey:view']);
      const actor = world[person];
      let created = { id: '', clientSecret: new Secret('') as Secret | null };
      const [audit, ...more] = await auditOf(world.keyward.database, async () => {
        created = await createServiceAccount(world.as(actor), input);
      });
      const rootProviderId = place === 'PLATFORM' ? PLATFORM_ROOT_ID : place.rootProviderId;
      const organizationId = at === 'ORGANIZATION' ? world.organization.organizationId : null;
      expect(await rowsOf(world, created.id)).toMatchObject([
        {
          root_provider_id: rootProviderId,
          organization_id: organizationId,
          name: input.name,
          permissions: ['apiKey:view', 'audit:view'],
          created_by_id: actor.id,
          created_by_name: actor.displayName,
          last_used_at: null,
          revoked_at: null,
          hash: hashClientSecret(created.clientSecret ?? new Secret('')),
        },
      ]);
      expect([audit, more]).toMatchObject([
        {
          action: 'service_account.create',
          actor_id: actor.id,
          root_provider_id: rootProviderId,
          organization_id: organizationId,
          target: created.id,
          result: 'OK',
          after: { name: input.name, permissions: ['apiKey:view', 'audit:view'] },
        },
        [],
      ]);
      const kept = JSON.stringify(await readRows(world.keyward.database, []));
      expect(foundIn(kept, [created.clientSecret?.expose() ?? ''])).toEqual([]);
    },
  );

  test('with at most what its creator holds and what means something there', async ({ world }) => {
    const creators: readonly Person[] = ['platformAdmin', 'parentAdmin', 'providerAdmin', 'orgAdmin'];
    for (const person of creators) {
      const actor = world[person];
      const place = person === 'orgAdmin' ? world.organization : world.tenants.reseller;
      const most = mostOfServiceAccount(person === 'orgAdmin' ? 'ORGANIZATION' : 'SERVICE_PROVIDER');
      for (const permission of permissions) {
        const isGateway = permission === 'gateway:verify' && person !== 'orgAdmin';
        const isTheirs = actor.permissions.has(permission) || isGateway;
        const expected = !most.has(permission) ? 'VALIDATION_FAILED' : isTheirs ? 'OK' : 'FORBIDDEN';
        const code = await createServiceAccount(world.as(actor), accountInput(place, [permission])).then(
          () => 'OK',
          (error) => error.code,
        );
        expect([person, permission, code]).toEqual([person, permission, expected]);
      }
    }
  });

  test('once under one idempotency key: a replay tells which, and its secret no more', async ({ world }) => {
    const input = { ...accountInput(world.organization, ['apiKey:view']), idempotencyKey: 'new-1' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => createServiceAccount(world.as(world.orgAdmin), input)),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ clientSecret }) => clientSecret !== null)).toHaveLength(1);
    expect(await rowsOf(world, answers[0]?.id ?? '')).toHaveLength(1);
    await expect(
      createServiceAccount(world.as(world.orgAdmin), { ...input, permissions: ['apiKey:view', 'staff:manage'] }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});

describe('it is refused, and nothing is left of it', () => {
  const action = 'service_account.create';
  const view: readonly Permission[] = ['apiKey:view'];

  test.for(['providerSupport', 'providerViewer', 'orgViewer', 'platformSupport'] as const)(
    'to %s, who manages no staff',
    async (person, { world }) => {
      const actor = world[person];
      const expected = { code: 'FORBIDDEN', action, actor, trail: world.organization } as const;
      await expectRefusal(world.keyward.database, expected, () =>
        createServiceAccount(world.as(actor), accountInput(world.organization, view)),
      );
    },
  );

  test.for(['siblingAdmin', 'foreignAdmin', 'otherOrgAdmin'] as const)(
    'to %s as for an organization that there is not',
    async (person, { world }) => {
      const actor = world[person];
      const expected = { code: 'NOT_FOUND', action, actor, trail: actor.home } as const;
      const madeUp = { ...world.organization, organizationId: newId<'Organization'>() };
      const refusals = [];
      for (const place of [world.organization, madeUp]) {
        const call = () => createServiceAccount(world.as(actor), accountInput(place, view));
        const { error } = await expectRefusal(world.keyward.database, expected, call);
        refusals.push([error.code, error.message, error.field]);
      }
      const input = { ...accountInput(world.organization, view), organization: 'UNKNOWN' as const };
      const { error } = await expectRefusal(world.keyward.database, expected, () =>
        createServiceAccount(world.as(actor), input),
      );
      expect([...refusals, [error.code, error.message, error.field]]).toEqual(Array(3).fill(refusals[0]));
    },
  );

  test('to a reseller at the provider above, the one beside it or a foreign one, as for none', async ({ world }) => {
    const actor = world.providerAdmin;
    const { root, otherReseller, foreignRoot } = world.tenants;
    for (const place of [root, otherReseller, foreignRoot]) {
      const expected = { code: 'NOT_FOUND', action, actor, trail: actor.home } as const;
      const call = () => createServiceAccount(world.as(actor), accountInput(place, view));
      const { error } = await expectRefusal(world.keyward.database, expected, call);
      expect(error.field).toEqual(['serviceProviderId']);
    }
  });

  test('to an organization at its provider, which it sees, and to a provider at the platform', async ({ world }) => {
    const { orgAdmin, providerAdmin, keyward, tenants } = world;
    for (const [actor, place] of [
      [orgAdmin, tenants.reseller],
      [orgAdmin, 'PLATFORM'],
      [providerAdmin, 'PLATFORM'],
    ] as const) {
      const expected = { code: 'FORBIDDEN', action, actor, trail: actor.home } as const;
      await expectRefusal(keyward.database, expected, () =>
        createServiceAccount(world.as(actor), accountInput(place, view)),
      );
    }
  });

  test('to a manager of staff with more than they hold, and under a delegation with anything', async ({ world }) => {
    const { providerAdmin, tenants, keyward } = world;
    const small = { ...providerAdmin, permissions: new Set<Permission>(['staff:manage', 'apiKey:view']) };
    const delegated = { ...providerAdmin, onBehalfOf: 'Another provider' };
    for (const [actor, wanted] of [
      [small, ['apiKey:view', 'apiKey:manage']],
      [delegated, ['apiKey:view']],
    ] as const) {
      const expected = { code: 'FORBIDDEN', action, actor, trail: tenants.reseller } as const;
      const trail = { ...expected.trail, organizationId: null };
      await expectRefusal(keyward.database, { ...expected, trail }, () =>
        createServiceAccount(world.as(actor), accountInput(tenants.reseller, wanted)),
      );
    }
    await createServiceAccount(world.as(small), accountInput(tenants.reseller, ['apiKey:view', 'gateway:verify']));
  });

  test('with a bad name, unknown permissions, none, or two places', async ({ world }) => {
    const right = accountInput(world.organization, view);
    const bad = {
      name: [{ name: ' ' }, { name: 'x'.repeat(201) }, { name: 'a\nb' }],
      permissions: [{ permissions: [] }, { permissions: ['everything'] }, { permissions: ['gateway:verify'] }],
      organizationId: [{ serviceProvider: world.tenants.reseller }],
    };
    for (const [field, changes] of Object.entries(bad)) {
      for (const change of changes) {
        const expected = {
          code: 'VALIDATION_FAILED',
          action,
          actor: world.orgAdmin,
          trail: world.organization,
        } as const;
        const call = () => createServiceAccount(world.as(world.orgAdmin), { ...right, ...change });
        const { error } = await expectRefusal(world.keyward.database, expected, call);
        expect(error.field).toEqual([field]);
      }
    }
  });

  test('without its audit row', async ({ world }) => {
    const { database } = world.keyward;
    const before = await readRows(database, []);
    const tooLong = { ...world.as(world.orgAdmin), requestId: '\0' }; // PostgreSQL keeps no NUL in a text
    await expect(createServiceAccount(tooLong, accountInput(world.organization, view))).rejects.toMatchObject({
      code: '22021',
    });
    expect(await readRows(database, [])).toEqual(before);
  });
});
