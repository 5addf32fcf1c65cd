import { describe, expect } from 'vitest';
import { newId } from '../../../src/ids.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import {
  deleteTrustedIssuer,
  type UpdateTrustedIssuer,
  updateTrustedIssuer,
} from '../../../src/single-sign-on/change-trusted-issuer.service.ts';
import { lookUpTrustedIssuer } from '../../../src/single-sign-on/list-trusted-issuers.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { create, test, withOnly } from '../../support/issuer-world.ts';
import type { KeyWorld } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';
import { issuerInput } from '../../support/single-sign-on-world.ts';

const NOTHING_CHANGED: UpdateTrustedIssuer = {
  trustedIssuer: null,
  name: undefined,
  clientId: undefined,
  clientSecret: undefined,
  roleClaim: undefined,
  roleMapping: undefined,
  domains: undefined,
  isEnabled: undefined,
  idempotencyKey: null,
};

/** Somebody who came in by an issuer, as the database keeps them. */
async function createPerson(world: KeyWorld, trustedIssuerId: string): Promise<string> {
  const id = newId<'StaffMember'>();
  await world.keyward.database.query(
    `insert into staff_member (root_provider_id, id, provider_id, provider_path, username, username_folded, display_name,
       role, custom_permissions, trusted_issuer_id, external_subject, created_at)
     select root_provider_id, $2::uuid, provider_id, provider_path, 'x', 'x', 'x', 'PROVIDER_SUPPORT', '{}', id, 'x', now()
     from trusted_issuer where id = $1`,
    [trustedIssuerId, id],
  );
  return id;
}

async function epochOf(world: KeyWorld, id: string): Promise<number | undefined> {
  const select = 'select session_epoch from staff_member where id = $1';
  const [row] = await world.keyward.database.query<{ session_epoch: number }>(select, [id]);
  return row?.session_epoch;
}

describe('an update', () => {
  test('changes what is given, and ends the sessions of its people', async ({ world, good, keyward }) => {
    const ref = await create(world, good, { clientId: 'c', clientSecret: new Secret('s') });
    const person = await createPerson(world, ref.trustedIssuerId);
    const ctx = world.as(world.providerAdmin);
    const update = (more: Partial<UpdateTrustedIssuer>) =>
      updateTrustedIssuer(ctx, { ...NOTHING_CHANGED, trustedIssuer: ref, ...more });
    const audit = await auditOf(keyward.database, () => update({ name: 'Another name' }));
    expect(audit).toMatchObject([{ action: 'trusted_issuer.update', after: { name: 'Another name' } }]);
    expect(await epochOf(world, person)).toBe(0);
    const changes: Partial<UpdateTrustedIssuer>[] = [
      { roleClaim: 'groups' },
      { roleMapping: [{ value: 'x', role: 'PROVIDER_VIEWER', customRole: null }] },
      { domains: ['corp.example'] },
      { clientSecret: new Secret('t') },
      { clientId: null },
      { isEnabled: false },
      { isEnabled: true },
    ];
    for (const [index, change] of changes.entries()) {
      await update(change);
      expect([change, await epochOf(world, person)]).toEqual([change, index + 1]);
    }
    expect(await lookUpTrustedIssuer(ctx, ref)).toMatchObject({
      name: 'Another name',
      issuer: good,
      clientId: null,
      clientSecret: null,
      roleClaim: 'groups',
      roleMapping: [{ value: 'x', role: 'PROVIDER_VIEWER', customRoleId: null }],
      domains: ['corp.example'],
      disabledAt: null,
    });
  });

  test('and a removal are refused to whoever could not have set it up', async ({ world, good, keyward }) => {
    const trustedIssuer = await create(world, good);
    const weak = withOnly(world.providerAdmin, ['staff:manage', 'apiKey:view']);
    const refusals = [
      ['NOT_FOUND', world.siblingAdmin],
      ['NOT_FOUND', world.foreignAdmin],
      ['NOT_FOUND', world.orgAdmin],
      ['FORBIDDEN', world.providerSupport],
      ['FORBIDDEN', weak],
    ] as const;
    for (const [code, actor] of refusals) {
      const ctx = world.as(actor);
      const trail = code === 'NOT_FOUND' ? actor.home : world.providerAdmin.home;
      const update = { action: 'trusted_issuer.update', code, actor, trail };
      await expectRefusal(keyward.database, update, () =>
        updateTrustedIssuer(ctx, { ...NOTHING_CHANGED, trustedIssuer, roleClaim: 'groups' }),
      );
      const removal = { ...update, action: 'trusted_issuer.delete' };
      await expectRefusal(keyward.database, removal, () =>
        deleteTrustedIssuer(ctx, { trustedIssuer, idempotencyKey: null }),
      );
    }
    const unknown = { rootProviderId: trustedIssuer.rootProviderId, trustedIssuerId: newId<'TrustedIssuer'>() };
    const missing = await refusalOf(() =>
      deleteTrustedIssuer(world.as(world.providerAdmin), { trustedIssuer: unknown, idempotencyKey: null }),
    );
    const foreign = await refusalOf(() =>
      deleteTrustedIssuer(world.as(world.foreignAdmin), { trustedIssuer, idempotencyKey: null }),
    );
    expect([foreign.code, foreign.message, foreign.field]).toEqual([missing.code, missing.message, missing.field]);
  });
});

test('a removal takes its people along, and frees the audience for others', async ({ world, good, keyward }) => {
  const { audience } = issuerInput(world, good);
  const trustedIssuer = await create(world, good, { audience });
  const person = await createPerson(world, trustedIssuer.trustedIssuerId);
  const audit = await auditOf(keyward.database, () =>
    deleteTrustedIssuer(world.as(world.providerAdmin), { trustedIssuer, idempotencyKey: null }),
  );
  expect(audit).toMatchObject([{ action: 'trusted_issuer.delete', before: { audience }, after: { removedPeople: 1 } }]);
  expect(await epochOf(world, person)).toBeUndefined();
  expect(await lookUpTrustedIssuer(world.as(world.providerAdmin), trustedIssuer)).toBeNull();
  await create(world, good, { audience, serviceProvider: world.tenants.foreignRoot }, world.foreignAdmin);
});
