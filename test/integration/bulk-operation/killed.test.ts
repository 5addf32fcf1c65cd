import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { BulkOperationStatus } from '../../../src/bulk-operation/bulk-operation.ts';
import type { RequestContext } from '../../../src/context.ts';
import type { BulkOperationRef, OrganizationRef } from '../../../src/ids.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { insertKeyedFleet } from '../../support/keyed-fleet.ts';
import { type KillablePostgres, startKillablePostgres } from '../../support/killable-postgres.ts';
import { environmentOf, type KillableProcess, startKillable, untilQuiet } from '../../support/killable-process.ts';
import { readOperation, readString, sync, syncInput } from '../../support/sync.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

/** `npm run test:crash` asks for more. */
const KILLS = Number(process.env['KEYWARD_KILLS'] ?? 12);
const KILLS_OF_ONE = 3;
const SIZE = 10_000;
/** A kill comes at any moment of so long a time after a run has begun: about as long as it takes. */
const RUN_MS = 1000;
const CHILD = new URL('background-child.ts', import.meta.url);

const keyEncryptionKey = randomBytes(32);

function startServer(postgres: KillablePostgres): Promise<KillableProcess> {
  return startKillable(CHILD, environmentOf(postgres, keyEncryptionKey));
}

/** Every organization has one key that opens; it is told of each that has the new one, once. */
async function expectWhole(
  postgres: KillablePostgres,
  ctx: RequestContext,
  ref: BulkOperationRef,
  fleet: readonly OrganizationRef[],
  newKey: string,
): Promise<void> {
  const { atomicity, status, changed } = await readOperation(ctx, ref);
  const [found] = await postgres.query<{ keys: number; renewed: number }>(
    `select count(fingerprint)::int as keys, count(*) filter (where last_four = $1)::int as renewed from api_key
     where kind = 'CLOUD_SERVICE' and organization_id = any ($2)`,
    [newKey.slice(-4), fleet.map(({ organizationId }) => organizationId)],
  );
  const renewed = atomicity === 'PER_ORGANIZATION' || status === 'SUCCEEDED' ? changed : 0;
  expect(found).toEqual({ keys: SIZE, renewed });
  const [trail] = await postgres.query(
    `select count(*)::int as rows, count(distinct organization_id)::int as organizations from audit_event
     where request_id = $1 and action = 'api_key.sync'`,
    [ctx.requestId],
  );
  expect(trail).toEqual({ rows: renewed, organizations: renewed });
  const some = fleet[Math.floor(Math.random() * SIZE)];
  if (some !== undefined) expect(await readString(ctx, some)).toHaveLength(12);
}

test(`a sync of ${SIZE} is never half done: servers and PostgreSQL are killed ${KILLS} times in its midst`, {
  timeout: 120_000 + KILLS * 30_000,
}, async () => {
  await using postgres = await startKillablePostgres();
  await using keyward = await openInstallationOn(postgres, { keyEncryptionKey, logLevel: 'silent' });
  const world = await createKeyWorld(keyward);
  const fleet = await insertKeyedFleet(keyward.services, postgres.query, world.tenants.reseller, SIZE);
  let kills = 0;
  let inMidst = 0;
  for (let round = 0; kills < KILLS; round++) {
    const atomicity = round % 2 === 0 ? 'ALL_OR_NOTHING' : 'PER_ORGANIZATION';
    const newKey = `killed00${1000 + round}`;
    const ctx = world.as(world.providerAdmin);
    const { ref } = await sync(ctx, syncInput(fleet, { newKey, atomicity }));
    const statusIs = (one: readonly BulkOperationStatus[], inMs: number) =>
      vi.waitFor(async () => expect(one).toContain((await readOperation(ctx, ref)).status), { timeout: inMs });
    let server = await startServer(postgres);
    // So many kills in the midst of each operation, and then it may end: of four, each is another kind.
    for (let turn = 0; turn < KILLS_OF_ONE && kills < KILLS; turn++, kills++) {
      await statusIs(['RUNNING', 'SUCCEEDED'], 60_000);
      if ((await readOperation(ctx, ref)).status === 'SUCCEEDED') break;
      await wait(Math.random() * RUN_MS); // the point where it dies is chance, as it is in earnest
      if (round % 4 < 2) {
        await server.kill();
        await untilQuiet(postgres);
      } else {
        await postgres.kill();
        await postgres.restart();
      }
      if ((await readOperation(ctx, ref)).status === 'RUNNING') inMidst += 1;
      if (atomicity === 'ALL_OR_NOTHING' || round % 4 < 2) await expectWhole(postgres, ctx, ref, fleet, newKey);
      if (round % 4 < 2) server = await startServer(postgres);
    }
    await statusIs(['SUCCEEDED'], 180_000);
    await server.kill();
    await expectWhole(postgres, ctx, ref, fleet, newKey);
  }
  process.stdout.write(`${kills} kills, ${inMidst} of them in the midst of a run\n`);
  expect(inMidst).toBeGreaterThan(0);
});
