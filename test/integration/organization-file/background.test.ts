import { describe, expect, vi } from 'vitest';
import { cancelBulkOperation } from '../../../src/bulk-operation/bulk-operation.service.ts';
import type { SyncAtomicity } from '../../../src/bulk-operation/bulk-operation.ts';
import { startBulkOperations } from '../../../src/bulk-operation/bulk-operation.worker.ts';
import { Failures } from '../../../src/bulk-operation/failures.ts';
import { startJobQueue } from '../../../src/database/job-queue.ts';
import type { BulkOperationRef } from '../../../src/ids.ts';
import { importRunner } from '../../../src/organization-file/import.worker.ts';
import { findImportsToRun, runImport } from '../../../src/organization-file/run-import.service.ts';
import { startImport } from '../../../src/organization-file/start-import.service.ts';
import { refusalOf } from '../../support/expect-refusal.ts';
import { fileOf, readImport } from '../../support/import-files.ts';
import { type KeyWorld, test } from '../../support/key-world.ts';

const SIZE = 4500;

function start(world: KeyWorld, atomicity: SyncAtomicity): Promise<BulkOperationRef> {
  const lines = Array.from({ length: SIZE }, (_, index) => `Background ${index}`);
  return startImport(world.as(world.providerAdmin), {
    ...{ serviceProvider: world.tenants.reseller, atomicity, dryRun: false, idempotencyKey: null },
    file: fileOf(`name\n${lines.join('\n')}\n`),
  });
}

async function countCreated(world: KeyWorld): Promise<number> {
  const rows = await world.keyward.database.query(
    `select from organization where provider_id = $1 and name like 'Background %'`,
    [world.tenants.reseller.serviceProviderId],
  );
  return rows.length;
}

const statusOf = async (world: KeyWorld, ref: BulkOperationRef) => (await readImport(world, ref)).operation.status;

/** As a server's background. */
function startQueue(world: KeyWorld, analyze: () => Promise<void> = async () => undefined, failures = new Failures()) {
  const { services, database } = world.keyward;
  const queue: Parameters<typeof startBulkOperations>[1] = (tasks) =>
    startJobQueue(database.ownerUrl, tasks, services.log);
  return startBulkOperations(services, queue, { import_organizations: importRunner(analyze) }, failures);
}

describe('an import in the background', () => {
  test.for(['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const)(
    'lets the planner know of many organizations before it says that it has ended (%s)',
    async (atomicity, { world }) => {
      const seen: unknown[] = [];
      const ref = await start(world, atomicity);
      const analyze = async () => {
        seen.push([await countCreated(world), await statusOf(world, ref)]);
      };
      await using _ = await startQueue(world, analyze);
      await vi.waitFor(async () => expect(await statusOf(world, ref)).toBe('SUCCEEDED'), 20_000);
      expect(seen[0]).toEqual([SIZE, 'RUNNING']);
      expect(await findImportsToRun(world.keyward.services)).not.toContainEqual(ref);
    },
  );

  test('goes through although the planner cannot be told', async ({ world }) => {
    const ref = await start(world, 'ALL_OR_NOTHING');
    await using _ = await startQueue(world, () => Promise.reject(new Error('no connection')));
    await vi.waitFor(async () => expect(await statusOf(world, ref)).toBe('SUCCEEDED'), 20_000);
    expect((await readImport(world, ref)).operation).toMatchObject({ changed: SIZE, doneThrough: SIZE });
  });

  test('that keeps failing is given up, with a reason', async ({ world }) => {
    const { database } = world.keyward;
    await database.query('revoke insert on organization from keyward_runtime');
    const ref = await start(world, 'PER_ORGANIZATION');
    {
      await using _ = await startQueue(world, undefined, new Failures({ most: 3, pauseMs: 10 }));
      await vi.waitFor(async () => expect(await statusOf(world, ref)).toBe('FAILED'), 20_000);
    }
    await database.query('grant insert on organization to keyward_runtime');
    const { operation } = await readImport(world, ref);
    expect(operation).toMatchObject({ changed: 0, doneThrough: 0, failure: expect.stringContaining('Start it again') });
    expect(await countCreated(world)).toBe(0);
  });
});

describe('cancelling an import', () => {
  test('ends one that nobody has begun at once', async ({ world }) => {
    const ref = await start(world, 'ALL_OR_NOTHING');
    await cancelBulkOperation(world.as(world.providerAdmin), { operation: ref });
    expect(await statusOf(world, ref)).toBe('CANCELLED');
    await runImport(world.keyward.services, ref);
    expect(await countCreated(world)).toBe(0);
  });

  // All or nothing decides on six chunks first, and counts; then it writes.
  test.for([
    ['ALL_OR_NOTHING', 9],
    ['PER_ORGANIZATION', 3],
  ] as const)('leaves what is not done in its midst (%s)', async ([atomicity, transaction], { world }) => {
    const ref = await start(world, atomicity);
    let begun = 0;
    let cancelling: Promise<unknown> | null = null;
    const isStopping = () => {
      if (++begun === transaction) {
        cancelling = cancelBulkOperation(world.as(world.providerAdmin), { operation: ref });
      }
      return false;
    };
    await runImport(world.keyward.services, ref, isStopping);
    expect(cancelling).not.toBeNull();
    await cancelling;
    const { operation } = await readImport(world, ref);
    expect(operation).toMatchObject({ status: 'CANCELLED', refused: 0, unchanged: 0 });
    expect(await countCreated(world)).toBe(operation.changed);
    if (atomicity === 'ALL_OR_NOTHING') return expect(operation).toMatchObject({ changed: 0, doneThrough: 0 });
    expect(operation.changed).toBeGreaterThan(0);
    expect(operation.changed).toBeLessThan(SIZE);
  });

  test('is for those who may import there', async ({ world }) => {
    const ref = await start(world, 'PER_ORGANIZATION');
    const codeFor = async (person: 'providerSupport' | 'siblingAdmin' | 'foreignAdmin') =>
      (await refusalOf(() => cancelBulkOperation(world.as(world[person]), { operation: ref }))).code;
    expect(await codeFor('providerSupport')).toBe('FORBIDDEN');
    expect(await codeFor('siblingAdmin')).toBe('NOT_FOUND');
    expect(await codeFor('foreignAdmin')).toBe('NOT_FOUND');
    expect(await statusOf(world, ref)).toBe('PENDING');
  });
});
