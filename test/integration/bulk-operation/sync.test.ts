import { describe, expect } from 'vitest';
import { disableApiKey } from '../../../src/api-key/api-key.service.ts';
import { syncApiKey } from '../../../src/bulk-operation/sync-api-key.service.ts';
import { WHOLE_FLEET } from '../../../src/fleet/fleet.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { createTestOrganization, keyInput } from '../../support/fixtures.ts';
import { test as base, type KeyWorld, readSlot } from '../../support/key-world.ts';
import { auditOf } from '../../support/rows.ts';
import { readOperation, readStrings, sync, syncInput } from '../../support/sync.ts';

const KEY = 'abcDEF123456';

function fleetOf({ keyward, tenants }: KeyWorld, count: number): Promise<OrganizationRef[]> {
  const { platformAdmin, reseller } = tenants;
  return Promise.all(
    Array.from({ length: count }, () => createTestOrganization(keyward.services, platformAdmin, reseller)),
  );
}

const test = base.extend('fleet', ({ world }) => fleetOf(world, 3));

describe('a sync of few organizations', () => {
  test('gives all of them the string, in one audit row each', async ({ world, fleet }) => {
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { operation, keyString, results } = await sync(ctx, syncInput(fleet, { newKey: KEY }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', total: 3, changed: 3, unchanged: 0, refused: 0 });
    expect(keyString).toBe(KEY);
    expect(results.map(({ outcome }) => outcome)).toEqual(['CHANGED', 'CHANGED', 'CHANGED']);
    expect(await readStrings(services, fleet)).toEqual([KEY, KEY, KEY]);
    const rows = await database.query<{ action: string; organization_id: string | null }>(
      'select action, organization_id from audit_event where request_id = $1',
      [ctx.requestId],
    );
    expect(rows.filter(({ action }) => action === 'api_key.sync').map((row) => row.organization_id)).toEqual(
      expect.arrayContaining(fleet.map(({ organizationId }) => organizationId)),
    );
    expect(rows.map(({ action }) => action).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'api_key.sync'),
      'bulk_operation.finish',
      'bulk_operation.start',
    ]);
  });

  test('generates the string when none is given', async ({ world, fleet }) => {
    const { keyString } = await sync(world.as(world.providerAdmin), syncInput(fleet));
    expect(keyString).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(await readStrings(world.keyward.services, fleet)).toEqual([keyString, keyString, keyString]);
  });

  test('reaches roots with keys of their own, and shows the platform no string', async ({ world, fleet }) => {
    const { platformAdmin, foreignRoot } = world.tenants;
    const foreign = await createTestOrganization(world.keyward.services, platformAdmin, foreignRoot);
    const all = [...fleet, foreign];
    const { operation, keyString } = await sync(world.as(world.platformAdmin), syncInput(all, { newKey: KEY }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', changed: 4 });
    expect(keyString).toBeNull();
    expect(await readStrings(world.keyward.services, all)).toEqual([KEY, KEY, KEY, KEY]);
  });

  test('finds the organizations of a filter when it starts', async ({ world, fleet }) => {
    const { organization, tenants } = world;
    const filter = { ...WHOLE_FLEET, apiKeyStatus: ['ENABLED'] as const, serviceProvider: tenants.reseller };
    const { operation } = await sync(world.as(world.parentAdmin), syncInput(null, { filter, newKey: KEY }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', total: 4, changed: 4 });
    expect(await readStrings(world.keyward.services, [organization, ...fleet])).toEqual([KEY, KEY, KEY, KEY]);
  });

  test('refuses organizations one by one, and changes the others', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const { platformAdmin, reseller, otherReseller } = world.tenants;
    const unsubscribed = await createTestOrganization(services, platformAdmin, reseller, null);
    const foreign = await createTestOrganization(services, platformAdmin, otherReseller);
    const [kept] = await readStrings(services, [foreign]);
    const input = syncInput([...fleet, unsubscribed, foreign], { newKey: KEY, atomicity: 'PER_ORGANIZATION' });
    const { operation, results } = await sync(world.as(world.providerAdmin), input);
    expect(operation).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', total: 5, changed: 3, unchanged: 0, refused: 2 });
    const refused = results.filter(({ outcome }) => outcome === 'REFUSED');
    expect(refused.map(({ code }) => code).sort()).toEqual(['KEY_NOT_FOUND', 'NOT_FOUND']);
    expect(refused.find(({ code }) => code === 'NOT_FOUND')?.organizationId).toBeNull();
    expect(await readStrings(services, fleet)).toEqual([KEY, KEY, KEY]);
    expect(await readStrings(services, [foreign])).toEqual([kept]);
  });

  test('changes nothing at all when one refuses', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const { platformAdmin, reseller } = world.tenants;
    const unsubscribed = await createTestOrganization(services, platformAdmin, reseller, null);
    const before = await readStrings(services, fleet);
    const { operation, results } = await sync(
      world.as(world.providerAdmin),
      syncInput([...fleet, unsubscribed], { newKey: KEY }),
    );
    expect(operation).toMatchObject({ status: 'FAILED', total: 4, changed: 0, refused: 1 });
    expect(results).toMatchObject([{ outcome: 'REFUSED', code: 'KEY_NOT_FOUND' }]);
    expect(await readStrings(services, fleet)).toEqual(before);
  });

  test('shows no string that it generated and gave to nobody, now or when it is told again', async ({
    world,
    fleet,
  }) => {
    const unsubscribed = await createTestOrganization(
      world.keyward.services,
      world.tenants.platformAdmin,
      world.tenants.reseller,
      null,
    );
    const input = syncInput([...fleet, unsubscribed], { idempotencyKey: 'in vain' });
    for (const ctx of [world.as(world.providerAdmin), world.as(world.providerAdmin)]) {
      expect(await sync(ctx, input)).toMatchObject({ operation: { status: 'FAILED' }, keyString: null });
    }
  });

  test('tells in a dry run what a run would do, and writes none of it', async ({ world, fleet }) => {
    const { services, database } = world.keyward;
    const { platformAdmin, reseller } = world.tenants;
    const unsubscribed = await createTestOrganization(services, platformAdmin, reseller, null);
    const before = await readStrings(services, fleet);
    const ctx = world.as(world.providerAdmin);
    const input = syncInput([...fleet, unsubscribed], { newKey: KEY, dryRun: true, atomicity: 'PER_ORGANIZATION' });
    const { operation, results } = await sync(ctx, input);
    expect(operation).toMatchObject({ dryRun: true, status: 'PARTIALLY_SUCCEEDED', changed: 3, refused: 1 });
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['CHANGED', 'CHANGED', 'CHANGED', 'REFUSED']);
    expect(await readStrings(services, fleet)).toEqual(before);
    const rows = await database.query('select from audit_event where request_id = $1 and action = $2', [
      ctx.requestId,
      'api_key.sync',
    ]);
    expect(rows).toHaveLength(0);
  });

  test('reaches disabled keys, which stay disabled', async ({ world, fleet }) => {
    const [first] = fleet;
    if (first === undefined) throw new Error('an empty fleet');
    const ctx = world.as(world.providerAdmin);
    await disableApiKey(ctx, { ...keyInput(first), reason: 'NON_PAYMENT', note: null });
    expect((await sync(ctx, syncInput(fleet, { newKey: KEY }))).operation).toMatchObject({ changed: 3 });
    const [row] = await world.keyward.database.query('select source from disablement where organization_id = $1', [
      first.organizationId,
    ]);
    expect(row).toEqual({ source: 'SERVICE_PROVIDER' });
  });

  test('leaves those alone that hold the string already, and counts each organization once', async ({
    world,
    fleet,
  }) => {
    const ctx = world.as(world.providerAdmin);
    await sync(ctx, syncInput(fleet.slice(0, 1), { newKey: KEY }));
    const { operation } = await sync(ctx, syncInput([...fleet, ...fleet], { newKey: KEY }));
    expect(operation).toMatchObject({ status: 'SUCCEEDED', total: 3, changed: 2, unchanged: 1 });
  });

  test('is done once under one idempotency key', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const input = syncInput(fleet, { idempotencyKey: 'once' });
    const first = await sync(ctx, input);
    const rows = await auditOf(world.keyward.database, async () => {
      const second = await sync(world.as(world.providerAdmin), input);
      expect(second.ref).toEqual(first.ref);
      expect(second.keyString).toBe(first.keyString);
    });
    expect(rows).toMatchObject([{ action: 'api_key.reveal', result: 'OK', actor_id: world.providerAdmin.id }]);
    await expect(syncApiKey(ctx, { ...input, atomicity: 'PER_ORGANIZATION' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('a sync is refused', () => {
  test('without a target, with two, with an empty one, and with a string that is none', async ({ world, fleet }) => {
    const ctx = world.as(world.providerAdmin);
    const nobody = { ...WHOLE_FLEET, search: 'no organization is called like this' };
    const { fingerprint } = await readSlot(world);
    const mistyped = { ...WHOLE_FLEET, fingerprint: `${fingerprint}zz` };
    const cases = [
      [syncInput(null), 'VALIDATION_FAILED'],
      [syncInput([]), 'VALIDATION_FAILED'],
      [syncInput(fleet, { filter: WHOLE_FLEET }), 'VALIDATION_FAILED'],
      [syncInput(null, { filter: nobody }), 'VALIDATION_FAILED'],
      [syncInput(null, { filter: mistyped }), 'VALIDATION_FAILED'],
      [syncInput(fleet, { newKey: 'abcDEF12345' }), 'INVALID_KEY_FORMAT'],
    ] as const;
    for (const [input, code] of cases) await expect(syncApiKey(ctx, input)).rejects.toMatchObject({ code });
    expect(
      await world.keyward.database.query('select from bulk_operation where created_by_id = $1', [ctx.actor.id]),
    ).toEqual([]);
  });

  test('to whoever may not sync', async ({ world, fleet }) => {
    for (const actor of [world.providerSupport, world.orgAdmin, world.platformSupport]) {
      await expect(syncApiKey(world.as(actor), syncInput(fleet))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  test('to staff of an organization, whatever they hold', async ({ world }) => {
    const actor = { ...world.orgAdmin, permissions: world.providerAdmin.permissions };
    const input = syncInput([world.organization], { newKey: KEY });
    await expect(syncApiKey(world.as(actor), input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('beyond a hundred thousand organizations', async ({ world, fleet }) => {
    const [first] = fleet;
    if (first === undefined) throw new Error('an empty fleet');
    const organizations = Array.from({ length: 100_001 }, (_, index) => ({ text: String(index), ref: first }));
    const input = { ...syncInput(fleet), organizations };
    await expect(syncApiKey(world.as(world.providerAdmin), input)).rejects.toMatchObject({ code: 'TOO_MANY_TARGETS' });
  });

  test('and is out of sight of those beside and below', async ({ world, fleet }) => {
    const { ref } = await sync(world.as(world.parentAdmin), syncInput(fleet));
    for (const actor of [world.siblingAdmin, world.foreignAdmin, world.providerAdmin, world.orgAdmin]) {
      await expect(readOperation(world.as(actor), ref)).rejects.toThrow('out of sight');
    }
    expect(await readOperation(world.as(world.platformAdmin), ref)).toMatchObject({ total: 3 });
  });
});
