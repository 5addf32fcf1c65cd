import { describe, expect } from 'vitest';
import { PLATFORM_SCOPE } from '../../../src/database/scope.ts';
import { findDelegation } from '../../../src/delegation/delegation.repository.ts';
import { grantDelegation } from '../../../src/delegation/grant-delegation.service.ts';
import { type DelegationRef, newId, type OrganizationRef } from '../../../src/ids.ts';
import { actingUnder, DAY_MS, type DelegationWorld, grantOf, lend, test } from '../../support/delegations.ts';
import { expectRefusal, refusalOf } from '../../support/expect-refusal.ts';
import { createStaff } from '../../support/fixtures.ts';
import { auditOf, readRows } from '../../support/rows.ts';

function read(both: DelegationWorld, ref: DelegationRef) {
  return both.keyward.services.database.read(PLATFORM_SCOPE, (tx) => findDelegation(tx, ref));
}

const expiresAt = new Date(Date.now() + DAY_MS);
const idsOf = (refs: readonly OrganizationRef[]) => refs.map(({ organizationId }) => organizationId).sort();

describe('granting', () => {
  test('is written down at the grantor alone, and waits to be accepted', async ({ both }) => {
    const input = grantOf(both, { note: ' for the summer ' });
    const refs: DelegationRef[] = [];
    const written = await auditOf(both.keyward.database, async () => {
      refs.push(await grantDelegation(both.as(both.providerAdmin), input));
    });
    const [ref] = refs;
    if (ref === undefined) throw new Error('unreachable');
    const { grantor, below, grantee, lent, providerAdmin } = both;
    const row = await read(both, ref);
    expect(row).toMatchObject({
      rootProviderId: grantor.rootProviderId,
      providerId: grantor.serviceProviderId,
      granteeRootProviderId: grantee.rootProviderId,
      granteeProviderId: grantee.serviceProviderId,
      granteeProviderName: null,
      role: 'PROVIDER_ADMIN',
      note: 'for the summer',
      createdById: providerAdmin.id,
      createdByName: providerAdmin.displayName,
      expiresAt: input.expiresAt,
      acceptedAt: null,
      endedAt: null,
    });
    expect(row?.organizationIds.toSorted()).toEqual(idsOf(lent));
    expect(row?.organizationProviderIds.toSorted()).toEqual(
      [grantor.serviceProviderId, below.serviceProviderId].sort(),
    );
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({
      action: 'delegation.grant',
      result: 'OK',
      root_provider_id: grantor.rootProviderId,
      provider_path: row?.providerPath,
      organization_id: null,
      target: ref.delegationId,
      before: null,
      after: { status: 'PENDING', role: 'PROVIDER_ADMIN', grantee: null, organizationCount: 3 },
      note: 'for the summer',
    });
  });

  test('takes whatever provider id has the right form, whether there is such a provider or not', async ({ both }) => {
    const { grantee, tenants } = both;
    const nobody = { rootProviderId: newId<'ServiceProvider'>(), serviceProviderId: newId<'ServiceProvider'>() };
    const elsewhere = { ...grantee, rootProviderId: nobody.rootProviderId };
    const ctx = both.as(both.providerAdmin);
    const granted = [];
    for (const given of [grantee, nobody, elsewhere, tenants.otherReseller]) {
      granted.push(await read(both, await grantDelegation(ctx, grantOf(both, { grantee: given, expiresAt }))));
    }
    const told = granted.map((row) => ({ ...row, id: null, granteeRootProviderId: null, granteeProviderId: null }));
    expect(told).toEqual(granted.map(() => told[0]));
  });

  test('collapses an organization that is named twice', async ({ both }) => {
    const [one, other] = both.lent;
    const input = grantOf(both, { organizations: [one, other, one, { ...one }] });
    const ref = await grantDelegation(both.as(both.providerAdmin), input);
    expect((await read(both, ref))?.organizationIds.toSorted()).toEqual(idsOf([one, other]));
  });

  test('is done once under an idempotency key', async ({ both }) => {
    const input = grantOf(both, { idempotencyKey: 'once' });
    const ctx = both.as(both.providerAdmin);
    const first = await grantDelegation(ctx, input);
    expect(await grantDelegation(ctx, input)).toEqual(first);
    const reused = () => grantDelegation(ctx, { ...input, role: 'PROVIDER_VIEWER' });
    expect((await refusalOf(reused)).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(
      await both.keyward.database.query('select id from delegation where provider_id = $1', [
        both.grantor.serviceProviderId,
      ]),
    ).toHaveLength(1);
  });

  test('is for the provider above and the platform too, within their own permissions', async ({ both }) => {
    for (const [person, role] of [
      ['parentAdmin', 'PROVIDER_ADMIN'],
      ['platformAdmin', 'PROVIDER_SUPPORT'],
    ] as const) {
      const ref = await grantDelegation(both.as(both[person]), grantOf(both, { role }));
      expect(await read(both, ref)).toMatchObject({
        providerId: both.grantor.serviceProviderId,
        createdById: both[person].id,
      });
    }
  });

  test('leaves nothing behind when it cannot be written down', async ({ both }) => {
    const { database } = both.keyward;
    await database.query('alter table audit_event add constraint refuse check (false) not valid');
    const before = await readRows(database);
    try {
      await expect(grantDelegation(both.as(both.providerAdmin), grantOf(both))).rejects.toMatchObject({
        code: '23514',
      });
    } finally {
      await database.query('alter table audit_event drop constraint refuse');
    }
    expect(await readRows(database)).toEqual(before);
  });
});

describe('granting is refused', () => {
  const trailOf = ({ grantor }: DelegationWorld) => ({ rootProviderId: grantor.rootProviderId, organizationId: null });

  test.for([
    ['in the past', -1],
    ['this instant', 0],
    ['in more than two years', 2 * 366 * DAY_MS],
  ] as const)('when it ends %s', async ([, offsetMs], { both }) => {
    const actor = both.providerAdmin;
    const now = new Date();
    const expiresAt = new Date(now.getTime() + offsetMs);
    const expected = { code: 'VALIDATION_FAILED', action: 'delegation.grant', actor, trail: trailOf(both) } as const;
    const { error } = await expectRefusal(both.keyward.database, expected, () =>
      grantDelegation(both.as(actor, now), grantOf(both, { expiresAt })),
    );
    expect(error.field).toEqual(['expiresAt']);
  });

  test('without an organization, and with more than 200', async ({ both }) => {
    const actor = both.providerAdmin;
    const { rootProviderId } = both.grantor;
    const many = Array.from({ length: 201 }, () => ({ rootProviderId, organizationId: newId<'Organization'>() }));
    for (const organizations of [[], many]) {
      const expected = { code: 'VALIDATION_FAILED', action: 'delegation.grant', actor, trail: trailOf(both) } as const;
      const { error } = await expectRefusal(both.keyward.database, expected, () =>
        grantDelegation(both.as(actor), grantOf(both, { organizations })),
      );
      expect(error.field).toEqual(['organizationIds']);
    }
  });

  test('alike for an organization that is foreign, a sibling’s, the parent’s, unknown, or no id at all', async ({
    both,
  }) => {
    const { tenants, as, parentAdmin, platformAdmin } = both;
    const { rootProviderId } = both.grantor;
    const unknown = { rootProviderId, organizationId: newId<'Organization'>() };
    const others = await Promise.all(
      [tenants.foreignRoot, tenants.otherReseller, tenants.root].map((provider) => both.newOrganization(provider)),
    );
    const refusals = [];
    for (const bad of [...others, unknown, null]) {
      const organizations = [both.lent[0], bad];
      refusals.push(await refusalOf(() => grantDelegation(as(both.providerAdmin), grantOf(both, { organizations }))));
    }
    expect(new Set(refusals.map(({ code, message, field }) => JSON.stringify([code, message, field]))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: 'NOT_FOUND', field: ['organizationIds'] });
    // Seen, but not of the granting provider's subtree.
    const [, siblings] = others;
    for (const actor of [parentAdmin, platformAdmin]) {
      const organizations = [siblings ?? null];
      const input = grantOf(both, { organizations, role: 'PROVIDER_VIEWER' });
      expect(await refusalOf(() => grantDelegation(as(actor), input))).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('alike for a granting provider that is foreign, a sibling, the parent, or unknown', async ({ both }) => {
    const { tenants } = both;
    const unknown = { ...both.grantor, serviceProviderId: newId<'ServiceProvider'>() };
    const refusals = [];
    for (const serviceProvider of [tenants.foreignRoot, tenants.otherReseller, tenants.root, unknown, null]) {
      const input = grantOf(both, { serviceProvider });
      refusals.push(await refusalOf(() => grantDelegation(both.as(both.providerAdmin), input)));
    }
    expect(new Set(refusals.map(({ code, message, field }) => JSON.stringify([code, message, field]))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: 'NOT_FOUND', field: ['serviceProviderId'] });
  });

  test('for the provider itself and those below it as grantee, for those above where they are seen, and for no id', async ({
    both,
  }) => {
    const { grantor, below, tenants, providerAdmin, parentAdmin } = both;
    const cases = [
      [providerAdmin, grantor, 'VALIDATION_FAILED'],
      [providerAdmin, below, 'VALIDATION_FAILED'],
      [parentAdmin, tenants.root, 'VALIDATION_FAILED'],
      [providerAdmin, null, 'NOT_FOUND'],
    ] as const;
    for (const [actor, grantee, code] of cases) {
      const refusal = await refusalOf(() => grantDelegation(both.as(actor), grantOf(both, { grantee })));
      expect(refusal).toMatchObject({ code, field: ['granteeServiceProviderId'] });
    }
    // Whoever does not see the provider above learns nothing of it.
    await grantDelegation(both.as(providerAdmin), grantOf(both, { grantee: tenants.root }));
  });

  test('to whoever does not manage staff, and to an organization’s admin, who does so at home only', async ({
    both,
  }) => {
    for (const person of ['providerSupport', 'providerViewer', 'platformSupport', 'orgAdmin', 'orgViewer'] as const) {
      const input = grantOf(both, { organizations: [both.organization], role: 'PROVIDER_VIEWER' });
      const refusal = await refusalOf(() => grantDelegation(both.as(both[person]), input));
      expect(refusal.code, person).toBe('FORBIDDEN');
    }
  });

  test('to platform staff when the role reveals keys, which they may not', async ({ both }) => {
    const actor = both.platformAdmin;
    const expected = { code: 'FORBIDDEN', action: 'delegation.grant', actor, trail: trailOf(both) } as const;
    const { error } = await expectRefusal(both.keyward.database, expected, () =>
      grantDelegation(both.as(actor), grantOf(both)),
    );
    expect(error.message).toContain('apiKey:reveal');
  });

  test('to whoever acts under a delegation themselves', async ({ both }) => {
    const acting = await actingUnder(both, await lend(both), both.granteeAdmin.actor);
    const { rootProviderId } = both.grantor;
    const expected = {
      code: 'FORBIDDEN',
      action: 'delegation.grant',
      actor: acting,
      trail: { rootProviderId, organizationId: null },
    } as const;
    const { audit } = await expectRefusal(both.keyward.database, expected, () =>
      grantDelegation(both.as(acting), grantOf(both, { grantee: both.tenants.otherReseller })),
    );
    expect(audit.actor_role).toBe('PROVIDER_ADMIN');
  });

  test('to staff with a role of its own that holds less than is lent', async ({ both }) => {
    const { actor } = await createStaff(both.keyward.services, 'PROVIDER_ADMIN', both.grantor);
    const weaker = { ...actor, permissions: new Set(['staff:manage', 'apiKey:view'] as const) };
    const refusal = await refusalOf(() =>
      grantDelegation(both.as(weaker), grantOf(both, { role: 'PROVIDER_SUPPORT' })),
    );
    expect(refusal.code).toBe('FORBIDDEN');
    await grantDelegation(both.as(weaker), grantOf(both, { role: 'PROVIDER_VIEWER' }));
  });
});
