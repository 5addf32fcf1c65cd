import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { BulkOperationStatus } from '../../../src/bulk-operation/bulk-operation.ts';
import type { BulkOperation } from '../../../src/bulk-operation/bulk-operation-row.ts';
import type { BulkOperationRef } from '../../../src/ids.ts';
import { readImport } from '../../../src/organization-file/read-import.service.ts';
import { startImport } from '../../../src/organization-file/start-import.service.ts';
import { fileOf } from '../../support/import-files.ts';
import { createKeyWorld } from '../../support/key-world.ts';
import { type KillablePostgres, startKillablePostgres } from '../../support/killable-postgres.ts';
import { environmentOf, type KillableProcess, startKillable, untilQuiet } from '../../support/killable-process.ts';
import { openInstallationOn } from '../../support/test-installation.ts';

/** `npm run test:crash` asks for more. */
const KILLS = Number(process.env['KEYWARD_KILLS'] ?? 4);
const SIZE = 10_000;
/** A kill comes at any moment of so long a time after a run has begun: about as long as it takes. */
const RUN_MS = 2500;
const CHILD = new URL('import-child.ts', import.meta.url);

const keyEncryptionKey = randomBytes(32);

function startServer(postgres: KillablePostgres): Promise<KillableProcess> {
  return startKillable(CHILD, environmentOf(postgres, keyEncryptionKey));
}

async function killServer(postgres: KillablePostgres, server: KillableProcess): Promise<void> {
  await server.kill();
  await untilQuiet(postgres);
}

/** Every organization is whole, with a key and its audit rows, and is there once; of all or nothing all are, or none. */
async function expectWhole(postgres: KillablePostgres, requestId: string, operation: BulkOperation): Promise<number> {
  const [found] = await postgres.query<Record<string, number>>(
    `select count(*)::int as organizations, count(distinct o.external_id)::int as names, count(s.id)::int as subscriptions,
       count(k.fingerprint)::int as keys
     from organization o join audit_event e on e.target = o.id::text and e.action = 'organization.create'
     left join subscription s on s.organization_id = o.id
     left join api_key k on k.organization_id = o.id and k.kind = 'CLOUD_SERVICE' where e.request_id = $1`,
    [requestId],
  );
  const { atomicity, changed, finishedAt } = operation;
  const written = found?.['organizations'] ?? 0;
  expect(found).toEqual({ organizations: written, names: written, subscriptions: written, keys: written });
  if (atomicity === 'PER_ORGANIZATION') expect(written).toBe(changed);
  else if (finishedAt === null) expect([0, SIZE]).toContain(written);
  const events = await postgres.query<{ action: string; count: number }>(
    `select action, count(*)::int from audit_event where request_id = $1 and organization_id is not null
     group by action order by action`,
    [requestId],
  );
  for (const { action, count } of events) expect([action, count]).toEqual([action, written]);
  return written;
}

test(`an import of ${SIZE} is never half done: servers and PostgreSQL are killed ${KILLS} times in its midst`, {
  timeout: 120_000 + KILLS * 30_000,
}, async () => {
  await using postgres = await startKillablePostgres();
  await using keyward = await openInstallationOn(postgres, { keyEncryptionKey, logLevel: 'silent' });
  const world = await createKeyWorld(keyward);
  let kills = 0;
  let inMidst = 0;
  for (let round = 0; kills < KILLS; round++) {
    const atomicity = round % 2 === 0 ? 'ALL_OR_NOTHING' : 'PER_ORGANIZATION';
    const ctx = world.as(world.providerAdmin);
    const lines = Array.from({ length: SIZE }, (_, n) => `Round ${round} number ${n},R${round}-${n},API,2100-01-01`);
    const ref: BulkOperationRef = await startImport(ctx, {
      ...{ serviceProvider: world.tenants.reseller, atomicity, dryRun: false, idempotencyKey: null },
      file: fileOf(`name,externalId,plan,endsAt\n${lines.join('\n')}\n`),
    });
    const statusIs = (one: readonly BulkOperationStatus[], inMs: number) =>
      vi.waitFor(async () => expect(one).toContain((await readImport(ctx, ref)).status), { timeout: inMs });
    let server = await startServer(postgres);
    // Four kills in the midst of each operation, and then it may end.
    for (let turn = 0; turn < 4 && kills < KILLS; turn++, kills++) {
      await statusIs(['RUNNING', 'SUCCEEDED'], 60_000);
      if ((await readImport(ctx, ref)).status === 'SUCCEEDED') break;
      await wait(Math.random() * RUN_MS); // the point where it dies is chance, as it is in earnest
      if (turn === 0) await killServer(postgres, server);
      else {
        await postgres.kill();
        await postgres.restart();
        await killServer(postgres, server);
      }
      const operation = await readImport(ctx, ref);
      if (operation.status === 'RUNNING') inMidst += 1;
      await expectWhole(postgres, ctx.requestId, operation);
      server = await startServer(postgres);
    }
    await statusIs(['SUCCEEDED'], 180_000);
    await killServer(postgres, server);
    const operation = await readImport(ctx, ref);
    expect(operation).toMatchObject({ changed: SIZE, refused: 0, doneThrough: SIZE });
    expect(await expectWhole(postgres, ctx.requestId, operation)).toBe(SIZE);
  }
  process.stdout.write(`${kills} kills, ${inMidst} of them in the midst of an import\n`);
  expect(inMidst).toBeGreaterThan(0);
});
