import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { rotateDueKeys } from '../../../src/rotation/rotate-due-keys.service.ts';
import { ANY_TIME } from '../../../src/rotation/rotation-window.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { startKillablePostgres } from '../../support/killable-postgres.ts';
import { environmentOf, startKillable } from '../../support/killable-process.ts';
import { allowOverlap, createPolicy } from '../../support/rotation-policies.ts';
import { readOperation } from '../../support/sync.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

const SIZE = 8000;
const KILLS = 4;
const CHILD = new URL('../bulk-operation/background-child.ts', import.meta.url);

test(`a rotation of ${SIZE} keys goes on where it was, killed ${KILLS} times in its midst, and rotates none twice`, {
  timeout: 240_000,
}, async () => {
  const keyEncryptionKey = randomBytes(32);
  await using postgres = await startKillablePostgres();
  await using keyward = await openInstallationOn(postgres, { keyEncryptionKey, logLevel: 'silent' });
  const world = await createKeyWorld(keyward);
  const { reseller } = world.tenants;
  await insertKeyedFleet(keyward.services, postgres.query, reseller, SIZE);
  await postgres.query(
    `update api_key set last_modified_at = now() - interval '40 days' where fingerprint is not null`,
  );
  await allowOverlap(world, reseller);
  await createPolicy(world, reseller, { window: ANY_TIME, noticeDays: [], overlapMinutes: 60 });
  const [ref, ...others] = await rotateDueKeys(keyward.services, new Date());
  if (ref === undefined) throw new Error('nothing was begun');
  expect(others).toEqual([]);
  const ctx = world.as(world.providerAdmin);
  const env = environmentOf(postgres, keyEncryptionKey);
  let inMidst = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const { doneThrough: before } = await readOperation(ctx, ref);
    const child = await startKillable(CHILD, env);
    await vi.waitFor(async () => expect((await readOperation(ctx, ref)).doneThrough).toBeGreaterThan(before), 30_000);
    await wait(Math.random() * 100); // the point where it dies is chance, as it is in earnest
    await child.kill();
    const { status } = await readOperation(ctx, ref);
    if (status === 'RUNNING') inMidst += 1;
    expect(await rotateDueKeys(keyward.services, new Date())).toEqual([]);
    if (status !== 'RUNNING') break;
  }
  expect(inMidst).toBeGreaterThan(0);
  const child = await startKillable(CHILD, env);
  const total = SIZE + 1;
  await vi.waitFor(
    async () => expect(await readOperation(ctx, ref)).toMatchObject({ status: 'SUCCEEDED', changed: total }),
    60_000,
  );
  await child.kill();
  const [trail] = await postgres.query(
    `select count(*)::int as rows, count(distinct organization_id)::int as organizations from audit_event
     where action = 'api_key.regenerate' and note = 'Rotation policy: Monthly'`,
  );
  expect(trail).toEqual({ rows: total, organizations: total });
  const [slots] = await postgres.query(
    `select count(*)::int as both, count(distinct fingerprint)::int as strings from api_key
     where overlap_version = version and previous_ciphertext is not null and overlap_ends_at > now()`,
  );
  expect(slots).toEqual({ both: total, strings: total });
});
