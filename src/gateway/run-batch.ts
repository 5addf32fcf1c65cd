import type { FirstUses } from '../api-key/note-first-use.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { insertCounters, updateCounters, writeHours, writeNotices } from '../usage/usage.repository.ts';
import type { CallSlot } from './call.ts';
import { decideInOrder, type Outcome } from './decide-in-order.ts';
import { firstUsedSlots } from './first-uses.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { Ledger, slotKey } from './ledger.ts';
import { type BatchServices, type Facts, readFacts } from './read-facts.ts';

/**
 * Decides requests of one scope in one transaction, in the order in which they are given. When it answers, whatever it
 * accepted is counted and on disk; when it throws, nothing is.
 */
export async function runBatch(
  services: BatchServices & { readonly database: Database; readonly firstUses: FirstUses },
  scope: Scope,
  requests: readonly GatewayRequest[],
): Promise<readonly Outcome[]> {
  let written: Promise<unknown> | undefined;
  let firstUsed: readonly CallSlot[] = [];
  const decided = services.database.withTransaction(scope, async (tx) => {
    const facts = await readFacts(services, tx, scope, requests);
    const now = new Date();
    const batch = await decideAndCount(tx, facts, now, null);
    firstUsed = firstUsedSlots(facts.calls, batch.outcomes, now);
    written = batch.written; // goes out in one packet with the commit, which fails if a statement before it did
    return batch.outcomes;
  });
  const outcomes = await decided.catch(async (error: unknown) => {
    await written; // its own error says more
    throw error;
  });
  await written;
  for (const slot of firstUsed) services.firstUses.note({ ...slot, at: new Date() });
  return outcomes;
}

/**
 * Of a transaction that wrote nothing but its locks. A wrong key of an organization that is used must not take longer than a
 * key of nobody, by as much as a disk does.
 */
const commitWithoutDisk = statement<never>(
  'gateway.commit_without_disk',
  `select set_config('synchronous_commit', 'off', true)`,
);

/** @param disable see `decideInOrder` */
export async function decideAndCount(
  tx: Tx,
  { refs, counters, calls }: Facts,
  now: Date,
  disable: ((slot: CallSlot) => CallSlot) | null,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly written: Promise<unknown> }> {
  const ledger = new Ledger(refs, counters);
  const outcomes = decideInOrder(calls, ledger, now, disable);
  const { inserts, updates, hours, notices } = ledger.writes;
  const lost = inserts.length === 0 ? new Set<string>() : await insertOrLose(tx, inserts);
  const told = notices.filter(({ ref }) => !lost.has(slotKey(ref)));
  const isNothing = disable === null && inserts.length + updates.length === 0;
  const written = Promise.all([
    isNothing ? tx.count(commitWithoutDisk, []) : null,
    updates.length === 0 ? null : updateCounters(tx, updates).then(requireAll(updates.length)),
    hours.length === 0 ? null : writeHours(tx, hours),
    told.length === 0 ? null : writeNotices(tx, told),
  ]);
  written.catch(() => undefined); // whoever commits looks at it
  return { outcomes: lost.size === 0 ? outcomes : outcomes.map((outcome) => unlessLost(outcome, lost)), written };
}

/** @returns the slots whose first call somebody else has counted at the same time */
async function insertOrLose(tx: Tx, inserts: Parameters<typeof insertCounters>[1]): Promise<ReadonlySet<string>> {
  const inserted = new Set((await insertCounters(tx, inserts)).map(slotKey));
  return new Set(inserts.map(({ ref }) => slotKey(ref))).difference(inserted);
}

function unlessLost(outcome: Outcome, lost: ReadonlySet<string>): Outcome {
  if (outcome.kind !== 'DECIDED' || outcome.slot === null || !lost.has(slotKey(outcome.slot))) return outcome;
  return { kind: 'AGAIN', slot: outcome.slot };
}

function requireAll(count: number): (written: number) => void {
  return (written) => {
    if (written !== count) throw new Error('a counter went away under its lock');
  };
}
