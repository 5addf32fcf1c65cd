import { describe, expect, vi } from 'vitest';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import { CHUNK_SIZE, runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import type { BulkOperationRef, OrganizationRef } from '../../../src/ids.ts';
import { announceRotations } from '../../../src/rotation/announce-rotations.service.ts';
import { rotateDueKeys } from '../../../src/rotation/rotate-due-keys.service.ts';
import { updateRotationPolicy } from '../../../src/rotation/rotation-policy.service.ts';
import { disableByProvider } from '../../support/key-states.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { createPolicy } from '../../support/rotation-policies.ts';
import { readOperation, readStrings } from '../../support/sync.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const SIZE = 1200;

/** Hours are counted so that these tests begin at 12, whatever the time is. */
const ZERO = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 12 * HOUR_MS;
const utcHour = (hour: number) => new Date(ZERO + hour * HOUR_MS).getUTCHours();
/** Open from 1 to 5 each day. */
const window = { days: [1, 2, 3, 4, 5, 6, 7], fromHour: utcHour(1), toHour: utcHour(5) || 24, timeZone: 'UTC' };
/** So many days from now, at an hour. */
const at = (days: number, hour: number) => new Date(ZERO + days * DAY_MS + hour * HOUR_MS);

const fleetOf = ({ keyward, tenants }: KeyWorld, size = SIZE) =>
  insertKeyedFleet(keyward.services, keyward.database.query, tenants.reseller, size);

const run = ({ keyward }: KeyWorld, ref: BulkOperationRef, now: () => Date) =>
  runBulkOperation(keyward.services, ref, undefined, now);

/** Begun for the organizations of this world. */
async function begin(world: KeyWorld, now: Date): Promise<BulkOperationRef[]> {
  const begun = await rotateDueKeys(world.keyward.services, now);
  const { rootProviderId } = world.tenants.root;
  return begun.filter((ref) => ref.rootProviderId === rootProviderId);
}

async function changedAt({ keyward }: KeyWorld, fleet: readonly OrganizationRef[]) {
  const rows = await keyward.database.query<{ at: Date; version: number }>(
    `select last_modified_at as at, version from api_key where kind = 'CLOUD_SERVICE' and organization_id = any ($1)`,
    [fleet.map(({ organizationId }) => organizationId)],
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

describe('what is due under an automatic policy', () => {
  test('is rotated in its window alone, once however many look at it at once, by the system', async ({ world }) => {
    const fleet = await fleetOf(world);
    await createPolicy(world, world.tenants.reseller, { window });
    const { services } = world.keyward;
    expect(await begin(world, at(20, 3))).toEqual([]);
    expect(await begin(world, at(32, 0))).toEqual([]);
    expect(await begin(world, at(32, 5))).toEqual([]);
    const begun = await Promise.all(Array.from({ length: 4 }, () => begin(world, at(32, 3))));
    const [ref, ...others] = begun.flat();
    if (ref === undefined) throw new Error('nothing was begun');
    expect(others).toEqual([]);
    const ctx = world.as(world.providerAdmin);
    expect(await readOperation(ctx, ref)).toMatchObject({
      ...{ kind: 'REGENERATE_API_KEY', createdByName: 'System', createdById: null, total: SIZE + 1, approval: null },
    });
    await run(world, ref, () => at(32, 3));
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE + 1 });
    const strings = await readStrings(services, fleet.slice(0, 20));
    expect(new Set(strings).size).toBe(20);
    const rows = await world.keyward.database.query(
      `select distinct actor_name as actor, note from audit_event where action = 'api_key.regenerate' and organization_id = any ($1)`,
      [fleet.map(({ organizationId }) => organizationId)],
    );
    expect(rows).toEqual([{ actor: 'System', note: 'Rotation policy: Monthly' }]);
    expect(await begin(world, at(33, 3))).toEqual([]);
  });

  test('that a window does not hold is left, and goes on in the next one', async ({ world }) => {
    const fleet = await fleetOf(world);
    await createPolicy(world, world.tenants.reseller, { window });
    const [ref] = await begin(world, at(32, 4));
    if (ref === undefined) throw new Error('nothing was begun');
    const hours = [at(32, 4), at(32, 4), at(32, 4), at(32, 6)];
    await run(world, ref, () => hours.shift() ?? at(32, 6));
    const ctx = world.as(world.providerAdmin);
    const cut = await readOperation(ctx, ref);
    expect(cut).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', doneThrough: cut.changed });
    expect([CHUNK_SIZE, 2 * CHUNK_SIZE]).toContain(cut.changed);
    const [next] = await begin(world, at(33, 1));
    if (next === undefined) throw new Error('nothing was begun');
    expect(await readOperation(ctx, next)).toMatchObject({ total: SIZE + 1 - cut.changed });
    await run(world, next, () => at(33, 2));
    const changes = await changedAt(world, fleet);
    expect(changes.every(({ version }) => version === 2)).toBe(true);
    expect(changes.every((change) => [1, 2, 4].map(utcHour).includes(change.at.getUTCHours()))).toBe(true);
  });

  test('of which the window closes before it is begun is left as it was', async ({ world }) => {
    await fleetOf(world, 10);
    await createPolicy(world, world.tenants.reseller, { window, sharedString: true });
    const refs = await begin(world, at(32, 4));
    expect(refs).toHaveLength(2); // one key of its own, and the ten that share one
    for (const ref of refs) {
      await run(world, ref, () => at(32, 5));
      expect(await readOperation(world.as(world.providerAdmin), ref)).toMatchObject({
        status: 'CANCELLED',
        changed: 0,
      });
    }
  });

  test('and shares a string changes over together, with those that are disabled or not due', async ({ world }) => {
    const fleet = await fleetOf(world, 10);
    const { services, database } = world.keyward;
    await createPolicy(world, world.tenants.reseller, { window, sharedString: true });
    const [young, expired] = fleet;
    await database.query('update api_key set last_modified_at = $2 where organization_id = $1', [
      ...[young?.organizationId, at(20, 0)],
    ]);
    await database.query('update subscription set ends_at = $2 where organization_id = $1', [
      ...[expired?.organizationId, at(10, 0)],
    ]);
    for (const ref of await begin(world, at(32, 2))) await run(world, ref, () => at(32, 2));
    const strings = await readStrings(services, fleet);
    expect(new Set(strings).size).toBe(2);
    expect(strings.filter((one) => one === strings[0])).toHaveLength(9);
    expect(strings[1]).toBe('OLDkey000000');
    expect(await begin(world, at(32, 3))).toEqual([]);
  });

  test('but disabled, expired or empty is skipped, and makes no operation again and again', async ({ world }) => {
    const [first, second, third] = await fleetOf(world, 3);
    const { database } = world.keyward;
    await createPolicy(world, world.tenants.reseller, { window });
    await disableByProvider({ ...world, organization: first ?? world.organization });
    await database.query('update subscription set ends_at = $2 where organization_id = $1', [
      ...[second?.organizationId, at(10, 0)],
    ]);
    const [ref, ...others] = await begin(world, at(32, 2));
    if (ref === undefined) throw new Error('nothing was begun');
    expect(others).toEqual([]);
    expect(await readOperation(world.as(world.providerAdmin), ref)).toMatchObject({ total: 2 });
    await run(world, ref, () => at(32, 2));
    expect(third).toBeDefined();
    expect(await begin(world, at(32, 3))).toEqual([]);
  });

  test('is run by the background, after the process that began it is gone', async ({ world }) => {
    const { services, database } = world.keyward;
    const fleet = await fleetOf(world);
    const always = { days: [1, 2, 3, 4, 5, 6, 7], fromHour: 0, toHour: 24, timeZone: 'UTC' };
    await createPolicy(world, world.tenants.reseller, { window: always, noticeDays: [] });
    await database.query(
      `update api_key set last_modified_at = now() - interval '40 days' where organization_id = any ($1)`,
      [fleet.map(({ organizationId }) => organizationId)],
    );
    const [ref] = await begin(world, new Date());
    if (ref === undefined) throw new Error('nothing was begun');
    await using _ = await startBulkOperations(services, (tasks) =>
      startJobQueue(database.ownerUrl, tasks, services.log),
    );
    await vi.waitFor(async () => {
      expect(await readOperation(world.as(world.providerAdmin), ref)).toMatchObject({
        status: 'SUCCEEDED',
        changed: SIZE,
      });
    }, 20_000);
  });

  test('is not before it could be told of, however old the key is', async ({ world }) => {
    const { services, database } = world.keyward;
    await database.query(
      `update api_key set last_modified_at = now() - interval '400 days' where organization_id = $1`,
      [world.organization.organizationId],
    );
    const policy = await createPolicy(world, world.tenants.reseller, { window, noticeDays: [3, 1] });
    expect(await begin(world, at(1, 2))).toEqual([]);
    await announceRotations(services, new Date());
    expect(await notices(world)).toEqual([{ lead: 3 }]);
    await announceRotations(services, at(3, 0));
    expect(await notices(world)).toEqual([{ lead: 3 }, { lead: 1 }]);
    const ctx = world.as(world.providerAdmin, at(3, 0));
    await updateRotationPolicy(ctx, { rotationPolicy: policy, terms: { maximumAgeDays: 20 }, idempotencyKey: null });
    expect(await begin(world, at(3, 3))).toEqual([]);
    await announceRotations(services, at(3, 1));
    expect(await notices(world)).toHaveLength(3);
    expect(await begin(world, at(5, 3))).toHaveLength(1);
  });

  test('is told of once however many do, and to nobody under a policy that is off', async ({ world }) => {
    const { services } = world.keyward;
    const policy = await createPolicy(world, world.tenants.reseller, { window, mode: 'NOTIFY', noticeDays: [7, 1] });
    await announceRotations(services, at(20, 3));
    expect(await notices(world)).toEqual([]);
    await Promise.all(Array.from({ length: 4 }, () => announceRotations(services, at(26, 3))));
    await announceRotations(services, at(26, 4));
    expect(await notices(world)).toEqual([{ lead: 7 }]);
    const off = { rotationPolicy: policy, terms: { isEnabled: false }, idempotencyKey: null };
    await updateRotationPolicy(world.as(world.providerAdmin), off);
    await announceRotations(services, at(31, 3));
    expect(await notices(world)).toHaveLength(1);
    expect(await begin(world, at(40, 3))).toEqual([]);
  });
});

function notices({ keyward, organization }: KeyWorld) {
  return keyward.database.query(
    `select (after::json->>'leadDays')::int as lead from audit_event
     where action = 'api_key.notice_rotation' and organization_id = $1 order by at, id`,
    [organization.organizationId],
  );
}
