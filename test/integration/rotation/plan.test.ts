import { describe, expect } from 'vitest';
import { isLookedAt } from '../../../src/bulk-operation/approval.ts';
import { cancelBulkOperation, listBulkOperations } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { shownStatus } from '../../../src/bulk-operation/bulk-operation.ts';
import { approveBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import { findOperationsToRun, runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import type { BulkOperationRef, OrganizationRef } from '../../../src/ids.ts';
import { type PlanRotation, planRotation } from '../../../src/rotation/plan-rotation.service.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import { setApprovalAbove } from '../../../src/service-provider/set-approval-above.service.ts';
import { createTestOrganization } from '../../support/fixtures.ts';
import { test as base, commandInput, commands, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { allowOverlap } from '../../support/rotation-policies.ts';
import { bulkTarget, readOperation, readResults, readString, readStrings } from '../../support/sync.ts';

const HOUR_MS = 60 * 60_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

/** Two organizations of the reseller, both with a key. */
const test = base.extend('both', async ({ world }) => {
  const other = await createTestOrganization(
    world.keyward.services,
    world.tenants.platformAdmin,
    world.tenants.reseller,
  );
  return [world.organization, other] as const;
});

function plan(organizations: readonly OrganizationRef[], more: Partial<PlanRotation> = {}): PlanRotation {
  return {
    ...bulkTarget(organizations),
    ...{ runAt: inHours(5), newKey: null, sharedString: false, overlapMinutes: 0, overlapGraceMinutes: 15 },
    ...more,
  };
}

const runAt = (world: KeyWorld, ref: BulkOperationRef, hours: number) =>
  runBulkOperation(world.keyward.services, ref, undefined, () => inHours(hours));

describe('a planned rotation', () => {
  test('is shown with what it would do, does nothing before its time, and then all of it', async ({ world, both }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const before = await readStrings(services, both);
    const ref = await planRotation(ctx, plan(both));
    const planned = await readOperation(ctx, ref);
    expect(planned).toMatchObject({ kind: 'REGENERATE_API_KEY', status: 'PENDING', changed: 2, total: 2 });
    expect(shownStatus(planned)).toBe('PLANNED');
    expect((await readResults(ctx, planned)).map(({ outcome }) => outcome)).toEqual(['CHANGED', 'CHANGED']);
    expect(
      (await listBulkOperations(ctx, { which: 'ALL', serviceProvider: null }, { first: 1, after: null })).items,
    ).toMatchObject([{ id: planned.id }]);
    expect(await findOperationsToRun(services, inHours(4))).not.toContainEqual(ref);
    await runAt(world, ref, 4);
    expect(await readStrings(services, both)).toEqual(before);
    expect(shownStatus(await readOperation(ctx, ref))).toBe('PLANNED');
    expect(await findOperationsToRun(services, inHours(5))).toContainEqual(ref);
    await runAt(world, ref, 5);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: 2, doneThrough: 2 });
    const after = await readStrings(services, both);
    expect(new Set([...before, ...after]).size).toBe(new Set(before).size + 2);
  });

  test('of a given string keeps it sealed until then, and decides anew', async ({ world, both }) => {
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const more = { newKey: new Secret('plannedKey00'), atomicity: 'PER_ORGANIZATION' } as const;
    const ref = await planRotation(ctx, plan(both, more));
    const sealed = 'select ciphertext is not null as kept from bulk_operation where id = $1';
    expect(await database.query(sealed, [ref.bulkOperationId])).toEqual([{ kept: true }]);
    await commands.DELETE(world.as(world.orgAdmin), commandInput(world.organization));
    await runAt(world, ref, 6);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', changed: 1, refused: 1 });
    expect(await readStrings(services, both)).toEqual([null, 'plannedKey00']);
    expect(await database.query(sealed, [ref.bulkOperationId])).toEqual([{ kept: false }]);
  });

  test('of one new string for all gives all the same', async ({ world, both }) => {
    const ref = await planRotation(world.as(world.providerAdmin), plan(both, { sharedString: true }));
    await runAt(world, ref, 6);
    const [one, other] = await readStrings(world.keyward.services, both);
    expect(one).toBe(other);
  });

  test('can be cancelled, and then nothing of it is done or told', async ({ world, both }) => {
    const ctx = world.as(world.providerAdmin);
    const before = await readStrings(world.keyward.services, both);
    const ref = await planRotation(ctx, plan(both));
    await cancelBulkOperation(ctx, { operation: ref });
    const cancelled = await readOperation(ctx, ref);
    expect(cancelled).toMatchObject({ status: 'CANCELLED', changed: 0 });
    expect(await readResults(ctx, cancelled)).toEqual([]);
    await runAt(world, ref, 6);
    expect(await readStrings(world.keyward.services, both)).toEqual(before);
  });

  test('waits for approval first, and for its time after that', async ({ world, both }) => {
    const { services } = world.keyward;
    const limit = { serviceProvider: world.tenants.reseller, approvalAbove: 1, idempotencyKey: null };
    await setApprovalAbove(world.as(world.providerAdmin), limit);
    const ctx = world.as(world.providerAdmin);
    const ref = await planRotation(ctx, plan(both));
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'PENDING', approval: 'PENDING', changed: 2 });
    await runAt(world, ref, 6);
    expect(await readOperation(ctx, ref)).toMatchObject({ approval: 'PENDING' });
    await approveBulkOperation(world.as(world.parentAdmin), { operation: ref, note: null, idempotencyKey: null });
    await runAt(world, ref, 4);
    const looked = await readOperation(ctx, ref);
    expect([shownStatus(looked), isLookedAt(looked)]).toEqual(['PLANNED', true]);
    await runAt(world, ref, 6);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: 2 });
    expect(await findOperationsToRun(services, inHours(7))).not.toContainEqual(ref);
  });

  test('of many is looked at in the background, and done by it', async ({ world }) => {
    const { services, database } = world.keyward;
    const fleet = await insertKeyedFleet(services, database.query, world.tenants.reseller, 1200);
    const ctx = world.as(world.providerAdmin);
    const ref = await planRotation(ctx, plan(fleet, { atomicity: 'PER_ORGANIZATION' }));
    expect(await readOperation(ctx, ref)).toMatchObject({ changed: 0, doneThrough: 0 });
    expect(await findOperationsToRun(services)).toContainEqual(ref);
    await runAt(world, ref, 0);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'PENDING', changed: 1200, doneThrough: 1200 });
    expect(await findOperationsToRun(services)).not.toContainEqual(ref);
    await runAt(world, ref, 6);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: 1200 });
  });

  test('with an overlap leaves the old strings working for so long', async ({ world, both }) => {
    await allowOverlap(world, world.tenants.reseller, 120);
    const ctx = world.as(world.providerAdmin);
    await expect(planRotation(ctx, plan(both, { overlapMinutes: 121 }))).rejects.toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: ['overlapMinutes'] },
    });
    const ref = await planRotation(ctx, plan(both, { overlapMinutes: 120 }));
    await runAt(world, ref, 6);
    const rows = await world.keyward.database.query(
      `select overlap_ends_at - last_modified_at = interval '120 minutes' as "isSo" from api_key
       where kind = 'CLOUD_SERVICE' and organization_id = any ($1)`,
      [both.map(({ organizationId }) => organizationId)],
    );
    expect(rows).toEqual([{ isSo: true }, { isSo: true }]);
    const told = await world.keyward.database.query(
      `select after::json->>'overlapEndsAt' is not null as told from audit_event where action = 'api_key.regenerate'
         and organization_id = $1 order by at desc limit 1`,
      [world.organization.organizationId],
    );
    expect(told).toEqual([{ told: true }]);
  });

  test('is refused for a time that has passed or is far away, and for terms that are none', async ({ world, both }) => {
    const bad: [string, Partial<PlanRotation>][] = [
      ['runAt', { runAt: inHours(-1) }],
      ['runAt', { runAt: inHours(24 * 400) }],
      ['newKey', { newKey: new Secret('short') }],
      ['overlapMinutes', { overlapMinutes: 1 }],
      ['overlapGraceMinutes', { overlapGraceMinutes: 0 }],
    ];
    for (const [field, more] of bad) {
      const refused = planRotation(world.as(world.providerAdmin), plan(both, more));
      await expect(refused, field).rejects.toMatchObject({ field: [field] });
    }
  });

  test('is for those who may do at once what it does', async ({ world, both }) => {
    for (const person of [world.providerSupport, world.orgAdmin]) {
      await expect(planRotation(world.as(person), plan(both))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await readString(world.keyward.services, world.organization)).not.toBeNull();
  });
});
