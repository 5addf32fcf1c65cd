import { describe, expect } from 'vitest';
import { runImport } from '../../../src/organization-file/run-import.service.ts';
import { startImport } from '../../../src/organization-file/start-import.service.ts';
import { asked, importFile, readImport } from '../../support/import-files.ts';
import { test } from '../../support/key-world.ts';

describe('the run of an import', () => {
  test('goes on after a crash, and does nothing twice', async ({ world }) => {
    const { services, database } = world.keyward;
    const content = `name\n${Array.from({ length: 1200 }, (_, index) => `Organization ${index}`).join('\n')}\n`;
    const ref = await startImport(world.as(world.providerAdmin), {
      ...asked(world, content),
      atomicity: 'PER_ORGANIZATION',
    });
    let looks = 0;
    await runImport(services, ref, () => ++looks > 2); // it begins, does a chunk, and no more
    expect((await readImport(world, ref)).operation).toMatchObject({
      status: 'RUNNING',
      doneThrough: 500,
      changed: 500,
    });
    await Promise.all([runImport(services, ref), runImport(services, ref)]);
    expect((await readImport(world, ref)).operation).toMatchObject({
      status: 'SUCCEEDED',
      doneThrough: 1200,
      changed: 1200,
    });
    const events = await database.query<{ count: number }>(
      `select count(*)::int from audit_event where request_id = (select request_id from bulk_operation where id = $1) and action = 'organization.create'`,
      [ref.bulkOperationId],
    );
    expect(events).toEqual([{ count: 1200 }]);
  });

  test('is cancelled between chunks', async ({ world }) => {
    const { services, database } = world.keyward;
    const ref = await startImport(world.as(world.providerAdmin), {
      ...asked(world, 'name\nAlpha\nBeta\n'),
      atomicity: 'PER_ORGANIZATION',
    });
    await database.query('update bulk_operation set cancel_requested_at = now() where id = $1', [ref.bulkOperationId]);
    await runImport(services, ref);
    expect((await readImport(world, ref)).operation).toMatchObject({ status: 'CANCELLED', changed: 0, doneThrough: 0 });
  });

  test('of two overlapping files at once makes each organization once', async ({ world }) => {
    const lines = Array.from({ length: 600 }, (_, index) => `Overlap ${index},O-${index}`);
    const file = (own: string[]) => `name,externalId\n${own.join('\n')}\n`;
    const both = await Promise.all([
      importFile(world, world.providerAdmin, world.tenants.reseller, file(lines)),
      importFile(world, world.parentAdmin, world.tenants.reseller, file(lines.toReversed())),
    ]);
    // One may have left the provider to the other: it is done when it is taken up again.
    for (const { ref } of both) await runImport(world.keyward.services, ref);
    const ended = await Promise.all(both.map(({ ref }) => readImport(world, ref)));
    expect(ended.map(({ operation }) => operation.status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(ended.map(({ operation }) => operation.changed).toSorted()).toEqual([0, 600]);
  });
});
