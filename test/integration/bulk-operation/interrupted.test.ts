import { describe, expect } from 'vitest';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import { failBulkOperation, runBulkOperation } from '../../../src/bulk-operation/run-bulk-operation.service.ts';
import { test as base } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readOperation, sync, syncInput } from '../../support/sync.ts';

/** More than are done while the caller waits, and more than one statement locks. */
const SIZE = 1200;

const test = base.extend('fleet', ({ world }) => {
  const { services, database } = world.keyward;
  return insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
});

describe('an operation over many organizations', () => {
  for (const atomicity of ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const) {
    test(`that cannot be gone on with ends although it is to be cancelled: ${atomicity}`, async ({ world, fleet }) => {
      const { services } = world.keyward;
      const ctx = world.as(world.providerAdmin);
      const { ref } = await sync(ctx, syncInput(fleet, { atomicity }));
      const stopAfterOne = [false, true][Symbol.iterator]();
      await runBulkOperation(services, ref, () => stopAfterOne.next().value ?? true);
      await cancelBulkOperation(ctx, { operation: ref });
      await failBulkOperation(services, ref, 'Start it again.');
      expect(await readOperation(ctx, ref)).toMatchObject({ status: 'CANCELLED', failure: null });
    });
  }

  test('is left without a trace when it is stopped, if it is a dry run', async ({ world, fleet }) => {
    const { services } = world.keyward;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { dryRun: true }));
    await runBulkOperation(services, ref, () => true);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'RUNNING', doneThrough: 0 });
    await runBulkOperation(services, ref);
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
  });

  test('goes on while others have every other connection: they may be waiting for what it has locked', async ({
    world,
    fleet,
  }) => {
    const { services } = world.keyward;
    const { pool } = services.database;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet));
    const others = await Promise.all(Array.from({ length: (pool.options.max ?? 10) - 1 }, () => pool.connect()));
    try {
      await runBulkOperation(services, ref);
    } finally {
      for (const client of others) client.release();
    }
    expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
  });
});
