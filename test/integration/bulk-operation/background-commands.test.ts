import { describe, expect } from 'vitest';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { bulkCommandKinds } from '../../../src/bulk-operation/bulk-operation.ts';
import {
  CHUNK_SIZE,
  findOperationsToRun,
  runBulkOperation,
} from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import type { OrganizationRef } from '../../../src/ids.ts';
import { bulkCommands, command } from '../../support/bulk-commands.ts';
import { test as base, type KeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { bulkTarget, readOperation } from '../../support/sync.ts';

const SIZE = 1100;

/** More than are done while the caller waits; each is disabled by the call threshold, so that there is something to lift. */
const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
});

async function exceedThresholds({ keyward }: KeyWorld, refs: readonly OrganizationRef[]): Promise<void> {
  await keyward.database.query(
    `insert into disablement (root_provider_id, organization_id, kind, source, provider_path, reason, at, by_name)
     select root_provider_id, organization_id, kind, 'CALL_THRESHOLD', provider_path, 'CALL_THRESHOLD_EXCEEDED', now(), 'System'
     from api_key where organization_id = any ($1) and kind = 'CLOUD_SERVICE'`,
    [refs.map(({ organizationId }) => organizationId)],
  );
}

/** By the versions that a command moves, from 1 on: how many of the fleet it was done to, and how often at the most. */
async function done({ keyward }: KeyWorld, refs: readonly OrganizationRef[], table: 'api_key' | 'subscription') {
  const where = table === 'api_key' ? `kind = 'CLOUD_SERVICE' and` : '';
  const [row] = await keyward.database.query(
    `select count(*) filter (where version > 1)::int as organizations, max(version) - 1 as most
     from ${table} where ${where} organization_id = any ($1)`,
    [refs.map(({ organizationId }) => organizationId)],
  );
  return row;
}

describe.for(bulkCommandKinds)('%s over many organizations', (kind) => {
  const table = kind === 'RENEW_SUBSCRIPTION' ? 'subscription' : 'api_key';
  const { actions } = bulkCommands[kind];
  const onceMore = () => [false, true][Symbol.iterator]();

  test('waits for the background, goes on after it was cut off, and does nothing twice', async ({ world, fleet }) => {
    if (kind === 'ENABLE_API_KEY') await exceedThresholds(world, fleet);
    const { services, database } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref, operation } = await command(ctx, kind, bulkTarget(fleet, { atomicity: 'PER_ORGANIZATION' }));
    expect(operation).toMatchObject({ kind, status: 'PENDING', total: SIZE, changed: 0 });
    expect(await findOperationsToRun(services)).toContainEqual(ref);
    const stops = onceMore();
    await runBulkOperation(services, ref, () => stops.next().value ?? true);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'RUNNING', changed: CHUNK_SIZE });
    expect(await done(world, fleet, table)).toEqual({ organizations: CHUNK_SIZE, most: 1 });
    await Promise.all([runBulkOperation(services, ref), runBulkOperation(services, ref)]);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
    expect(await done(world, fleet, table)).toEqual({ organizations: SIZE, most: 1 });
    const rows = await database.query('select from audit_event where request_id = $1 and action = $2', [
      ctx.requestId,
      actions.many,
    ]);
    expect(rows).toHaveLength(SIZE);
  });

  test('all or nothing, tells in a dry run what the run then does at once', async ({ world, fleet }) => {
    if (kind === 'ENABLE_API_KEY') await exceedThresholds(world, fleet);
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const dryRun = await command(ctx, kind, bulkTarget(fleet, { dryRun: true }));
    await runBulkOperation(services, dryRun.ref);
    expect(await readOperation(ctx, dryRun.ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
    expect(await done(world, fleet, table)).toMatchObject({ organizations: 0 });
    const run = await command(ctx, kind, bulkTarget(fleet));
    await runBulkOperation(services, run.ref, () => true);
    expect(await done(world, fleet, table)).toMatchObject({ organizations: 0 });
    await runBulkOperation(services, run.ref);
    expect(await readOperation(ctx, run.ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
    expect(await done(world, fleet, table)).toEqual({ organizations: SIZE, most: 1 });
  });

  test('can be cancelled in its midst: what is done stays', async ({ world, fleet }) => {
    if (kind === 'ENABLE_API_KEY') await exceedThresholds(world, fleet);
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await command(ctx, kind, bulkTarget(fleet, { atomicity: 'PER_ORGANIZATION' }));
    const stops = onceMore();
    await runBulkOperation(services, ref, () => stops.next().value ?? true);
    await expect(cancelBulkOperation(world.as(world.providerViewer), { operation: ref })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await cancelBulkOperation(ctx, { operation: ref });
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'CANCELLED', changed: CHUNK_SIZE });
    expect(await done(world, fleet, table)).toEqual({ organizations: CHUNK_SIZE, most: 1 });
  });
});
