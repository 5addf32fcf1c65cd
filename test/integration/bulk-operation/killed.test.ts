import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { SyncAtomicity } from '../../../src/bulk-operation/bulk-operation.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { readOperation, sync, syncInput } from '../../support/sync.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

/** `npm run test:crash` asks for more of both. */
const KILLS = Number(process.env['KEYWARD_KILLS'] ?? 4);
const SIZE = Number(process.env['KEYWARD_KILL_ORGANIZATIONS'] ?? 2000);
const CHILD = new URL('background-child.ts', import.meta.url).pathname;

async function startChild(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no output');
  await once(child.stdout, 'data');
  return child;
}

test(`a process that is killed leaves nothing half done, ${KILLS} times`, {
  timeout: 120_000 + KILLS * 30_000,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using keyward = await openTestInstallation({ keyEncryptionKey, logLevel: 'warn' });
  const { services, database } = keyward;
  const env = { DATABASE_URL: database.ownerUrl, KEYWARD_KEY_ENCRYPTION_KEY: keyEncryptionKey.toString('base64') };
  const world = await createKeyWorld(keyward);
  const fleet = await insertKeyedFleet(services, database.query, world.tenants.reseller, SIZE);
  const countOn = async (lastFour: string) => {
    const [row] = await database.query<{ count: number }>(
      `select count(*)::int as count from api_key where kind = 'CLOUD_SERVICE' and last_four = $1 and organization_id = any ($2)`,
      [lastFour, fleet.map(({ organizationId }) => organizationId)],
    );
    return row?.count ?? 0;
  };
  let kills = 0;
  for (let round = 0; kills < KILLS; round++) {
    const atomicity: SyncAtomicity = round % 2 === 0 ? 'ALL_OR_NOTHING' : 'PER_ORGANIZATION';
    const lastFour = String(1000 + round);
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey: `killed00${lastFour}`, atomicity }));
    // Two kills in the midst of each operation, and then it may end.
    for (let turn = 0; turn < 2 && kills < KILLS; turn++, kills++) {
      const child = await startChild(env);
      await wait(500 + Math.random() * 600); // the point where it dies is chance, as it is in earnest
      child.kill('SIGKILL');
      await once(child, 'close');
      const { status, changed } = await vi.waitFor(async () => {
        const [row] = await database.query(`select from pg_stat_activity where datname = current_database()
          and application_name in ('keyward', 'keyward jobs') and state <> 'idle' and query not like '%pg_stat_activity%'`);
        expect(row).toBeUndefined();
        return readOperation(ctx, ref);
      }, 10_000);
      const written = await countOn(lastFour);
      if (atomicity === 'ALL_OR_NOTHING') expect(written).toBe(status === 'SUCCEEDED' ? SIZE : 0);
      else expect(written).toBe(changed);
    }
    const child = await startChild(env);
    await vi.waitFor(async () => {
      expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: SIZE });
    }, 30_000);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await countOn(lastFour)).toBe(SIZE);
    const [trail] = await database.query(
      `select count(*)::int as rows, count(distinct organization_id)::int as organizations from audit_event
       where request_id = $1 and action = 'api_key.sync'`,
      [ctx.requestId],
    );
    expect(trail).toEqual({ rows: SIZE, organizations: SIZE });
  }
});
