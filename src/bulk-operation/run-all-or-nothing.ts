import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkOperationRef } from '../ids.ts';
import type { Batch, DecidedItem } from './bulk-action.ts';
import { findNextItems } from './bulk-item.repository.ts';
import {
  type BulkRun,
  findBulkOperation,
  findBulkRun,
  tryRunLock,
  writeProgress,
  writeStarted,
} from './bulk-operation.repository.ts';
import { addTallies, isFinished, NEVER_BEGUN, NOTHING_DONE, type Tally } from './bulk-operation.ts';
import { forgetDryRun } from './dry-run-first.ts';
import { endOf, endOfTime, finishOperation, isOverTime } from './finish-operation.ts';
import { openAction } from './open-action.ts';
import { type Job, keepOutcomes, recordRefusals, tallyOf } from './run-items.ts';

/** As many organizations are locked and written by one statement. */
const CHUNK_SIZE = 1000;
/** So many chunks are looked at before the one at hand is written. */
const LOOKAHEAD = 2;
/** So often an organization may refuse first and no longer refuse when it is asked why. */
const MOST_ATTEMPTS = 3;

/** Why a transaction was left without a trace. */
type Standstill = 'REFUSED' | 'CANCELLED' | 'OVER_TIME' | 'STOPPING' | 'NOT_OURS';

class Undo extends Error {
  readonly why: Standstill;

  constructor(why: Standstill) {
    super(why);
    this.why = why;
  }
}

/**
 * Everything in one transaction, whatever its size: readers see all of it from the moment of its commit on, and nothing
 * before. Of what is refused, a second one tells why. A dry run is that second one alone.
 * @param context makes a context of this moment, in the name of whoever started it
 */
export async function runAllOrNothing(
  context: () => RequestContext,
  ref: BulkOperationRef,
  isStopping: () => boolean,
): Promise<void> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const isDryRun = await begin(context(), ref);
    if (isDryRun === null) return;
    let why = isDryRun ? 'REFUSED' : await changeAll(context, ref, isStopping);
    if (why === 'REFUSED') why = await tellOutcomes(context(), ref, isStopping);
    if (why === 'CANCELLED') await cancel(context(), ref);
    if (why === 'OVER_TIME') await endWithTime(context(), ref);
    if (why !== 'REFUSED') return;
  }
  throw new Error('organizations refuse, and do not when they are asked why');
}

/** @returns whether it is a dry run; null when another process has it, or it has ended */
function begin(ctx: RequestContext, ref: BulkOperationRef): Promise<boolean | null> {
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    if (!(await tryRunLock(tx, ref))) return null;
    const operation = await findBulkOperation(tx, ref);
    if (operation === null || isFinished(operation.status)) return null;
    await forgetDryRun(tx, operation);
    if (operation.cancelRequestedAt !== null) {
      await finishOperation(ctx, tx, operation, { ...NEVER_BEGUN, status: 'CANCELLED', failure: null });
      return null;
    }
    return (await writeStarted(tx, operation, ctx.now)) ? operation.dryRun : null;
  });
}

/** @returns null when all is done, or why nothing is */
function changeAll(
  context: () => RequestContext,
  ref: BulkOperationRef,
  isStopping: () => boolean,
): Promise<Standstill | null> {
  const ctx = context();
  return allAtOnce(ctx, async (tx) => {
    const job = await open(ctx, tx, ref);
    const refuseOverTime = () => {
      if (isOverTime(job.operation, context().now)) throw new Undo('OVER_TIME');
    };
    refuseOverTime();
    let tally = NOTHING_DONE;
    await eachChunk(tx, job, 'LOCK', async ({ decided, write }, doneThrough) => {
      if (decided.some(({ decision }) => decision.outcome === 'REFUSED')) throw new Undo('REFUSED');
      await write();
      await keepOutcomes(tx, job.operation, decided);
      tally = addTallies(tally, tallyOf(decided));
      if (isStopping()) throw new Undo('STOPPING');
      if (await isToBeCancelled(ctx, job, doneThrough)) throw new Undo('CANCELLED');
    });
    refuseOverTime();
    await finish(ctx, tx, job, tally);
  });
}

/**
 * Decides without changing anything, and keeps how each would end.
 * @returns null when it has; `REFUSED` when it would go through after all
 */
function tellOutcomes(
  ctx: RequestContext,
  ref: BulkOperationRef,
  isStopping: () => boolean,
): Promise<Standstill | null> {
  return allAtOnce(ctx, async (tx) => {
    const job = await open(ctx, tx, ref);
    const { operation, action } = job;
    let tally = NOTHING_DONE;
    const unknown: DecidedItem[][] = [];
    await eachChunk(tx, job, 'LOOK', async ({ decided }) => {
      if (!operation.dryRun) await recordRefusals(ctx, tx, action, decided.filter(isKnown));
      unknown.push(decided.filter((one) => !isKnown(one)));
      await keepOutcomes(tx, operation, decided);
      tally = addTallies(tally, tallyOf(decided));
      if (isStopping()) throw new Undo('STOPPING');
    });
    // Whose row that is may be told under another scope alone, for which nothing else is to be under way.
    if (!operation.dryRun) for (const decided of unknown) await recordRefusals(ctx, tx, action, decided);
    if (tally.refused === 0 && !operation.dryRun) throw new Undo('REFUSED');
    await finish(ctx, tx, job, tally);
  });
}

function isKnown({ subject }: DecidedItem): boolean {
  return subject !== null;
}

async function allAtOnce(ctx: RequestContext, work: (tx: Tx) => Promise<void>): Promise<Standstill | null> {
  try {
    await ctx.database.withTransaction(ctx.actor.scope, work);
    return null;
  } catch (error) {
    if (error instanceof Undo) return error.why;
    throw error;
  }
}

async function finish(ctx: RequestContext, tx: Tx, { operation }: Job, tally: Tally): Promise<void> {
  if (!(await finishOperation(ctx, tx, operation, endOf(operation, tally)))) throw new Undo('CANCELLED');
}

async function cancel(ctx: RequestContext, ref: BulkOperationRef): Promise<void> {
  await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const operation = await findBulkOperation(tx, ref);
    if (operation === null) return;
    const end = { ...operation, doneThrough: 0, status: 'CANCELLED', failure: null } as const;
    await finishOperation(ctx, tx, operation, end);
  });
}

async function endWithTime(ctx: RequestContext, ref: BulkOperationRef): Promise<void> {
  await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const operation = await findBulkOperation(tx, ref);
    if (operation !== null) await finishOperation(ctx, tx, operation, endOfTime(operation));
  });
}

/** @throws Undo when another process has it, or it has ended */
async function open(ctx: RequestContext, tx: Tx, ref: BulkOperationRef): Promise<Job> {
  const isOurs = await tryRunLock(tx, ref);
  const run: BulkRun | null = isOurs ? await findBulkRun(tx, ref) : null;
  if (run === null || isFinished(run.operation.status)) throw new Undo('NOT_OURS');
  return { operation: run.operation, action: await openAction(ctx, tx, run) };
}

/** While one batch is written the next ones are looked at: neither the database nor this process waits for the other. */
async function eachChunk(
  tx: Tx,
  { operation, action }: Job,
  how: 'LOCK' | 'LOOK',
  work: (batch: Batch, doneThrough: number) => Promise<void>,
): Promise<void> {
  const ahead: Promise<Batch>[] = [];
  const look = async (after: number) => action.decide(tx, await findNextItems(tx, operation, after, CHUNK_SIZE), how);
  for (let after = 0, looked = 0; after < operation.total; after += CHUNK_SIZE) {
    for (; looked < operation.total && ahead.length < LOOKAHEAD; looked += CHUNK_SIZE) {
      const batch = look(looked);
      batch.catch(() => undefined); // told when it is waited for, unless an earlier one fails first
      ahead.push(batch);
    }
    const batch = await ahead.shift();
    if (batch !== undefined) await work(batch, Math.min(after + CHUNK_SIZE, operation.total));
  }
}

/**
 * Tells on the way how far it is, in a transaction of its own: the long one shows nothing before its end. It waits for no
 * connection: those who have them all may be waiting for what this run has locked. A cancellation still counts at the end.
 */
async function isToBeCancelled(ctx: RequestContext, { operation }: Job, doneThrough: number): Promise<boolean> {
  if (!ctx.database.hasFreeConnection) return false;
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    await writeProgress(tx, operation, { ...NOTHING_DONE, doneThrough });
    const ref = { rootProviderId: operation.rootProviderId, bulkOperationId: operation.id };
    return (await findBulkOperation(tx, ref))?.cancelRequestedAt != null;
  });
}
