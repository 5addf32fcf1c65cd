import { join } from 'node:path';
import type pg from 'pg';
import { expect, test } from 'vitest';
import type { SignedHead } from '../../../src/audit/audit-head.ts';
import { CheckpointFile, readCheckpoints } from '../../../src/audit/checkpoint-file.ts';
import type { Services } from '../../../src/context.ts';
import { Random } from '../../../src/seed/random.ts';
import {
  connectAsOwner,
  newAuditedRoot,
  readChain,
  recordEvents,
  seal,
  txOn,
  type Verified,
  verify,
} from '../../support/audit-trail.ts';
import { temporaryDirectory } from '../../support/keyward-process.ts';
import type { Expected, IntactChain, Tampering } from '../../support/tampering.ts';
import { tamperingsOfChains } from '../../support/tampering-of-chains.ts';
import { tamperingsOfRows } from '../../support/tampering-of-rows.ts';
import type { TestDatabase } from '../../support/test-database.ts';
import { openTestInstallation } from '../../support/test-installation.ts';

const tamperings = [...tamperingsOfRows, ...tamperingsOfChains];
/** `npm run test:tampering` asks for 1,000. */
const RUNS = Number(process.env['KEYWARD_TAMPERINGS'] ?? 300);
const SEED = 20_261_121;

/** Chains that grew in steps, with events that still wait. The last head of each is not among its checkpoints. */
async function growChains(services: Services, database: TestDatabase): Promise<IntactChain[]> {
  const roots = [newAuditedRoot(), newAuditedRoot(), newAuditedRoot()];
  const heads: SignedHead[] = [];
  for (const count of [1, 7, 2, 9, 5]) {
    for (const root of roots) await recordEvents(services, root, count);
    heads.push(...(await seal(services)));
  }
  for (const root of roots) await recordEvents(services, root, 3);
  const waiting = await database.query<{ root: string; id: string }>(
    'select root_provider_id as root, event_id as id from audit_unsealed',
  );
  const chains: IntactChain[] = [];
  for (const { rootProviderId: root, ...rest } of roots) {
    const ownHeads = heads.filter((head) => head.rootProviderId === root);
    chains.push({
      root,
      links: await readChain(database, { rootProviderId: root, ...rest }),
      heads: ownHeads,
      checkpoints: ownHeads.slice(0, -1).map(({ sequence }) => sequence),
      waiting: waiting.filter((row) => row.root === root).map(({ id }) => id),
    });
  }
  return chains;
}

/** What is found after a tampering, of which nothing stays. */
async function findAfter(
  client: pg.Client,
  tamper: () => Promise<Expected>,
  look: () => Promise<Verified>,
): Promise<{ expected: Expected; found: Verified }> {
  await client.query('begin');
  try {
    const expected = await tamper();
    return { expected, found: await look() };
  } finally {
    await client.query('rollback');
  }
}

function check(chain: IntactChain, chains: readonly IntactChain[], expected: Expected, found: Verified): void {
  const { kinds, ofKey = false, ...place } = expected;
  const { breach } = found.rootOf(chain.root);
  expect(breach).toMatchObject({ ...place, kind: expect.toSatisfy((kind) => kinds.includes(kind)) });
  expect(found.changedKeys.length).toBe(ofKey ? 1 : 0);
  if (ofKey) return;
  const others = chains.filter(({ root }) => root !== chain.root);
  expect(others.map(({ root }) => found.rootOf(root).breach)).toEqual([null, null]);
}

test(`of ${RUNS} random tamperings by a superuser each is found, and the first row at fault is named`, {
  timeout: 120_000,
}, async () => {
  await using keyward = await openTestInstallation();
  const { services, database } = keyward;
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'checkpoints.ndjson');
  const chains = await growChains(services, database);
  const file = await CheckpointFile.open(path);
  for (const head of chains.flatMap(({ heads }) => heads.slice(0, -1))) {
    file.note(head);
    await file.append('ALL');
  }
  const checkpoints = await readCheckpoints(path);
  const client = await connectAsOwner(database);
  const look = () => verify(services, { snapshot: (work) => work(txOn(client)), checkpoints });
  expect(await look()).toMatchObject({ chains: 3, broken: 0, changedKeys: [] });

  const random = new Random(SEED);
  const sql = (text: string, values: readonly unknown[] = []) => client.query(text, [...values]);
  const counts = new Map<string, number>();
  const run = async (tampering: Tampering, number: number) => {
    const chain = random.pick(chains);
    const { expected, found } = await findAfter(client, () => tampering.apply(sql, chain, random), look);
    const kind = found.rootOf(chain.root).breach?.kind ?? 'NOT FOUND';
    try {
      check(chain, chains, expected, found);
    } catch (error) {
      throw new Error(`tampering ${number}: ${tampering.name}`, { cause: error });
    }
    const line = `${tampering.name}: ${kind}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  };
  for (let number = 0; number < RUNS; number++) {
    const tampering = tamperings[number % tamperings.length];
    if (tampering !== undefined) await run(tampering, number);
  }
  expect(await look()).toMatchObject({ chains: 3, broken: 0, changedKeys: [] });
  await client.end();
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBe(RUNS);
  const table = [...counts].sort().map(([line, count]) => `  ${String(count).padStart(4)}  ${line}`);
  process.stdout.write(`${total} tamperings, all found:\n${table.join('\n')}\n`);
});
