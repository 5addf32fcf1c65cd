import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { approveBulkOperation } from '../../../src/bulk-operation/decide-approval.service.ts';
import { countAuditRows, decision, startWaiting } from '../../support/approvals.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { environmentOf, type KillableProcess, startKillable } from '../../support/killable-process.ts';
import { readOperation } from '../../support/sync.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

const SIZE = 1500;
const CHILD = new URL('background-child.ts', import.meta.url);

/** @param mostMs the point where it dies is chance, as it is in earnest */
async function killWithin(child: KillableProcess, mostMs: number): Promise<void> {
  await wait(Math.random() * mostMs);
  await child.kill();
}

test('what waits is looked at, and what is approved is done, once, though processes are killed at both', {
  timeout: 120_000,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey, logLevel: 'warn' });
  const { services, database } = keyward;
  const env = environmentOf(database, keyEncryptionKey);
  const world = await createKeyWorld(keyward);
  const fleet = await insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
  for (const atomicity of ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const) {
    const ctx = world.as(world.providerAdmin);
    const ref = await startWaiting(world, fleet, { atomicity });
    await killWithin(await startKillable(CHILD, env), 1000);
    const { changed } = await readOperation(ctx, ref);
    expect([0, SIZE]).toContain(changed); // all of the dry run, or nothing of it
    const second = await startKillable(CHILD, env);
    await vi.waitFor(async () => {
      expect(await readOperation(ctx, ref)).toMatchObject({ approval: 'PENDING', changed: SIZE });
    }, 20_000);
    await approveBulkOperation(ctx, decision(ref));
    await killWithin(second, 1000);
    const third = await startKillable(CHILD, env);
    await vi.waitFor(async () => {
      expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
    }, 30_000);
    await killWithin(third, 0);
    const [started] = await database.query<{ id: string }>(
      'select request_id as id from bulk_operation where id = $1',
      [ref.bulkOperationId],
    );
    expect(await countAuditRows(world, started?.id ?? '', 'api_key.sync')).toBe(SIZE);
  }
});
