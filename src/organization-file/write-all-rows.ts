import { findBulkOperation, lockBulkOperation, writeProgress } from '../bulk-operation/bulk-operation.repository.ts';
import { NOTHING_DONE, type Tally } from '../bulk-operation/bulk-operation.ts';
import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import { assessRows } from './assess-rows.ts';
import { createAllOrganizations } from './create-organizations.ts';
import { decideAsIfNew } from './decide-rows.ts';
import { findImportRows } from './import-row.repository.ts';
import { asOnlyWriter, Halt, haltIfCancelled, type ImportRun } from './import-run.ts';

/** Rows of one statement. */
const CHUNK = 500;
/** How often it tells how far it is, and looks whether it is to be cancelled. */
const ROWS_BETWEEN_LOOKS = 2000;
/** How often others may take a name between the decision and the writing. */
const MOST_ATTEMPTS = 5;

/** A row is no longer what it was decided to be: somebody else has taken its name. */
class Moved extends Error {
  override readonly name = 'Moved';
}

/**
 * All or nothing. First every row is decided on; only when none is refused they are written, in one transaction: readers
 * see all of them from its commit on, and none before.
 * @throws Halt; DomainError `NOT_FOUND`, `SECRETS_UNAVAILABLE`
 */
export async function writeAllRows(run: ImportRun): Promise<Tally> {
  for (let attempt = 1; ; attempt++) {
    const tally = await assessRows(run);
    if (tally.refused > 0) return tally;
    try {
      await writeAssessedRows(run, tally);
      return tally;
    } catch (error) {
      if (!(error instanceof Moved) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

function writeAssessedRows(run: ImportRun, tally: Tally): Promise<void> {
  return asOnlyWriter(run, async (ctx, tx, operation, provider) => {
    const read = (after: number) => findImportRows(tx, run.ref, after, CHUNK);
    let writing = Promise.resolve(true);
    let rows = await read(0);
    for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
      const { toCreate, others } = decideAsIfNew(rows, ctx.now);
      if (others.length > 0) throw new Moved();
      // The database writes one chunk while the next one is prepared here.
      const [before, next] = [writing, read(last.position)];
      writing = createAllOrganizations(ctx, tx, provider, toCreate);
      for (const promise of [writing, next]) promise.catch(() => undefined); // awaited later, or left with the transaction
      if (!(await before)) throw new Moved();
      rows = await next;
      if (last.position % ROWS_BETWEEN_LOOKS === 0) await look(run, operation, last.position);
    }
    if (!(await writing)) throw new Moved();
    haltIfCancelled(await lockBulkOperation(tx, run.ref)); // from here on it is too late
    await writeProgress(tx, operation, { ...tally, doneThrough: operation.total });
  });
}

/** In a transaction of its own: the long one shows nothing before its end. @throws Halt */
async function look(run: ImportRun, operation: BulkOperation, doneThrough: number): Promise<void> {
  if (run.isStopping()) throw new Halt('STOPPING');
  const { actor, database } = run.context();
  await database.withTransaction(actor.scope, async (tx) => {
    await writeProgress(tx, operation, { ...NOTHING_DONE, doneThrough });
    haltIfCancelled(await findBulkOperation(tx, run.ref));
  });
}
