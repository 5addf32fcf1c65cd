import { expect } from 'vitest';
import { disableApiKey, enableApiKey, regenerateApiKey } from '../../../src/api-key/api-key.service.ts';
import { renewSubscriptions } from '../../../src/bulk-operation/bulk-commands.service.ts';
import { type BulkCommandKind, bulkCommandKinds, processedOf } from '../../../src/bulk-operation/bulk-operation.ts';
import { runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { DomainError } from '../../../src/errors.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import {
  applySubscription,
  cancelSubscription,
  renewSubscription,
} from '../../../src/subscription/subscription.service.ts';
import { bulkCommands } from '../../support/bulk-commands.ts';
import { countDeadlocks } from '../../support/deadlocks.ts';
import { keyInput, YEAR_MS } from '../../support/fixtures.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { offer } from '../../support/subscriptions.ts';
import { bulkTarget, readOperation } from '../../support/sync.ts';

const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, 1300);
});

/** Commands on single organizations that lock what the bulk ones lock: slots, organizations, or first these and then those. */
const singles: readonly ((world: KeyWorld, organization: OrganizationRef) => Promise<unknown>)[] = [
  (world, ref) => regenerateApiKey(world.as(world.providerAdmin), keyInput(ref)),
  (world, ref) => disableApiKey(world.as(world.platformAdmin), { ...keyInput(ref), reason: 'NON_PAYMENT', note: null }),
  (world, ref) => enableApiKey(world.as(world.platformAdmin), { ...keyInput(ref), note: 'paid' }),
  (world, organization) => cancelSubscription(world.as(world.parentAdmin), changeOf(organization)),
  (world, organization) => applySubscription(world.as(world.parentAdmin), offer(organization)),
  (world, organization) =>
    renewSubscription(world.as(world.parentAdmin), {
      ...changeOf(organization),
      endsAt: new Date(Date.now() + 3 * YEAR_MS),
    }),
];

const changeOf = (organization: OrganizationRef) => ({ organization, expectedVersion: null, idempotencyKey: null });

async function unlessRefused(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
  });
}

test('commands of every kind that overlap, and single ones in between, neither wait in a circle nor lose anything', {
  timeout: 120_000,
}, async ({ world, fleet }) => {
  const { services, database } = world.keyward;
  const deadlocks = await countDeadlocks(database);
  const run = async (kind: BulkCommandKind, index: number) => {
    const ctx = world.as(world.providerAdmin);
    const some = [...fleet.slice(index * 25), ...fleet.slice(0, 50)].toReversed();
    const atomicity = index % 2 === 0 ? 'ALL_OR_NOTHING' : 'PER_ORGANIZATION';
    const ref = await bulkCommands[kind].many(ctx, bulkTarget(some, { atomicity }));
    await runBulkOperation(services, ref);
    return readOperation(ctx, ref);
  };
  const [operations] = await Promise.all([
    Promise.all([...bulkCommandKinds, ...bulkCommandKinds].map(run)),
    Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        const organization = fleet[(index * 29) % fleet.length];
        const single = singles[index % singles.length];
        if (organization !== undefined && single !== undefined) await unlessRefused(single(world, organization));
      }),
    ),
  ]);
  for (const operation of operations) {
    expect(operation).toMatchObject({ failure: null, finishedAt: expect.any(Date) });
    if (operation.atomicity === 'PER_ORGANIZATION') expect(processedOf(operation)).toBe(operation.total);
  }
  expect(await countDeadlocks(database)).toBe(deadlocks);
  // Each change moved a version by one, and is in the trail: none was written over.
  const lostChanges = await database.query(
    `select k.organization_id from api_key k where k.kind = 'CLOUD_SERVICE' and k.organization_id = any ($1)
       and k.version - 1 <> (select count(*) from audit_event e where e.organization_id = k.organization_id
         and e.result = 'OK' and e.action like 'api_key.%')`,
    [fleet.map(({ organizationId }) => organizationId)],
  );
  expect(lostChanges).toEqual([]);
  expect(await lostRenewals(world, fleet)).toEqual([]);
});

test('of renewals that overlap, in any order, the furthest end remains', async ({ world, fleet }) => {
  const { database } = world.keyward;
  const deadlocks = await countDeadlocks(database);
  const some = fleet.slice(0, 200);
  const ends = Array.from({ length: 8 }, (_, index) => new Date(Date.now() + (2 + ((index * 3) % 8)) * YEAR_MS));
  const many = ends.map(async (endsAt, index) => {
    const target = bulkTarget(index % 2 === 0 ? some : some.toReversed(), { atomicity: 'PER_ORGANIZATION' });
    const ctx = world.as(world.providerAdmin);
    const operation = await readOperation(ctx, await renewSubscriptions(ctx, { ...target, endsAt }));
    expect(processedOf(operation)).toBe(some.length);
  });
  const single = some.map((organization) => {
    const endsAt = new Date(Date.now() + 1.5 * YEAR_MS);
    return unlessRefused(renewSubscription(world.as(world.parentAdmin), { ...changeOf(organization), endsAt }));
  });
  await Promise.all([...many, ...single]);
  expect(await countDeadlocks(database)).toBe(deadlocks);
  const rows = await database.query('select distinct ends_at from subscription where organization_id = any ($1)', [
    some.map(({ organizationId }) => organizationId),
  ]);
  expect(rows).toEqual([{ ends_at: new Date(Math.max(...ends.map(Number))) }]);
  expect(await lostRenewals(world, fleet)).toEqual([]);
});

/** Each change moved the version of a subscription by one, and is in the trail: those of which that is not so. */
function lostRenewals({ keyward }: KeyWorld, fleet: readonly OrganizationRef[]) {
  return keyward.database.query(
    `select o.id from organization o where o.id = any ($1)
       and (select sum(version - 1) from subscription s where s.organization_id = o.id)
       <> (select count(*) from audit_event e where e.organization_id = o.id and e.result = 'OK'
         and e.action in ('subscription.renew', 'subscription.cancel', 'subscription.apply'))`,
    [fleet.map(({ organizationId }) => organizationId)],
  );
}
