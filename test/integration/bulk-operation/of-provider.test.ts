import { expect } from 'vitest';
import {
  countListedBulkOperations,
  listBulkOperations,
  type OperationFilter,
} from '../../../src/bulk-operation/bulk-operation.service.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import type { ServiceProviderRef } from '../../../src/ids.ts';
import { planRotation } from '../../../src/rotation/plan-rotation.service.ts';
import { startWaiting } from '../../support/approvals.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';
import { bulkTarget, sync, syncInput } from '../../support/sync.ts';

/** Those of a provider, as the list and the count agree. */
async function listed(
  world: KeyWorld,
  actor: Actor,
  serviceProvider: ServiceProviderRef | null,
  which: OperationFilter['which'] = 'ALL',
) {
  const ctx = world.as(actor);
  const { items } = await listBulkOperations(ctx, { which, serviceProvider }, { first: 50, after: null });
  expect(await countListedBulkOperations(ctx, { which, serviceProvider })).toBe(items.length);
  return items.map(({ id }) => id);
}

test('operations of a provider are those started there or below it, and those with an organization of theirs', async ({
  world,
}) => {
  const { root, reseller, otherReseller, foreignRoot } = world.tenants;
  const onlyStarted = { ...syncInput(null), organizations: [{ text: 'no id at all', ref: null }] };
  const { ref: theirs } = await sync(world.as(world.siblingAdmin), onlyStarted);
  const { ref: parents } = await sync(world.as(world.parentAdmin), onlyStarted);
  const { ref: touching } = await sync(world.as(world.parentAdmin), syncInput([world.organization]));
  const { ref: platforms } = await sync(world.as(world.platformAdmin), syncInput([world.organization]));
  const ids = [theirs, parents, touching, platforms].map(({ bulkOperationId }) => bulkOperationId);
  const [byOther, byParent, onReseller, byPlatform] = ids;
  expect(await listed(world, world.parentAdmin, root)).toEqual([onReseller, byParent, byOther]);
  expect(await listed(world, world.parentAdmin, reseller)).toEqual([onReseller]);
  expect(await listed(world, world.parentAdmin, otherReseller)).toEqual([byOther]);
  expect(await listed(world, world.platformAdmin, root)).toEqual([byPlatform, onReseller, byParent, byOther]);
  expect(await listed(world, world.platformAdmin, reseller)).toEqual([byPlatform, onReseller]);
  expect(await listed(world, world.platformAdmin, foreignRoot)).toEqual([]);
  // It would tell that the root is above them.
  expect(await listed(world, world.siblingAdmin, root)).toEqual([]);
  expect(await listed(world, world.siblingAdmin, otherReseller)).toEqual([byOther]);
});

test('so are those that are planned, and those that wait for somebody’s approval', async ({ world }) => {
  const { reseller, otherReseller } = world.tenants;
  const runAt = new Date(Date.now() + 3_600_000);
  const terms = { newKey: null, sharedString: false, overlapMinutes: 0, overlapGraceMinutes: 15 };
  const planned = await planRotation(world.as(world.parentAdmin), {
    ...bulkTarget([world.organization]),
    ...terms,
    runAt,
  });
  const waiting = await startWaiting(world, [world.organization]);
  for (const [which, { bulkOperationId }] of [
    ['PLANNED', planned],
    ['AWAITING_VIEWER', waiting],
  ] as const) {
    expect(await listed(world, world.parentAdmin, reseller, which)).toEqual([bulkOperationId]);
    expect(await listed(world, world.parentAdmin, otherReseller, which)).toEqual([]);
  }
});
