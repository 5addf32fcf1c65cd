import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { BulkOperationRef } from '../ids.ts';
import { findNextItems } from './bulk-item.repository.ts';
import {
  type BulkRun,
  findBulkRun,
  findWaitingOperations,
  tryRunLock,
  writeProgress,
  writeStarted,
} from './bulk-operation.repository.ts';
import { addTallies, bulkCommandKinds, isFinished } from './bulk-operation.ts';
import { actorKept } from './bulk-operation-row.ts';
import { lookAheadLater } from './dry-run-first.ts';
import { endOf, finishOperation } from './finish-operation.ts';
import { openAction } from './open-action.ts';
import { runAllOrNothing } from './run-all-or-nothing.ts';
import { keepOutcomes, recordRefusals, tallyOf } from './run-items.ts';

/** As many organizations are one transaction of a `PER_ORGANIZATION` operation: so many are locked at once. */
export const CHUNK_SIZE = 500;

/** Those that are to be run and that no process is running. */
export function findOperationsToRun(services: Services): Promise<BulkOperationRef[]> {
  return services.database.withTransaction(PLATFORM_SCOPE, (tx) => findWaitingOperations(tx, bulkCommandKinds));
}

/**
 * Goes on with an operation where it stands, in the name of whoever started it, until it has ended or is to stop. What
 * they may do is not asked again: it was settled when they started it; row-level security still binds it to their scope.
 * It returns at once when another process has the operation. Any number of runs do nothing twice: what is done, and that
 * it is done, are committed together. Of what waits for approval it makes the dry run, and no more.
 */
export async function runBulkOperation(
  services: Services,
  ref: BulkOperationRef,
  isStopping: () => boolean = () => false,
): Promise<void> {
  const run = await services.database.read(PLATFORM_SCOPE, (tx) => findBulkRun(tx, ref));
  if (run === null || isFinished(run.operation.status)) return;
  const context = () => contextOf(services, run);
  if (run.operation.approval === 'PENDING') {
    await lookAheadLater(context(), ref, isStopping);
    return;
  }
  if (run.operation.atomicity === 'ALL_OR_NOTHING' || run.operation.dryRun) {
    await runAllOrNothing(context, ref, isStopping);
    return;
  }
  while (!isStopping() && (await runChunk(context(), ref))) {}
}

/**
 * Ends an operation that cannot be gone on with. What was done stays done.
 * @param reason for whoever started it: says what to do next, and holds no secret
 */
export async function failBulkOperation(services: Services, ref: BulkOperationRef, reason: string): Promise<void> {
  const run = await services.database.read(PLATFORM_SCOPE, (tx) => findBulkRun(tx, ref));
  if (run === null) return;
  const ctx = contextOf(services, run);
  await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const current = await lockRun(tx, ref);
    if (current === null) return;
    const doneThrough = current.operation.atomicity === 'ALL_OR_NOTHING' ? 0 : current.operation.doneThrough;
    await finishOperation(ctx, tx, current.operation, {
      ...current.operation,
      doneThrough,
      status: 'FAILED',
      failure: reason,
    });
  });
}

function contextOf(services: Services, { actor, requestId, ipAddress }: BulkRun): RequestContext {
  return { ...services, actor: actorKept(actor), requestId, now: new Date(), ipAddress };
}

/** Null when another process has it, or it has ended. */
async function lockRun(tx: Tx, ref: BulkOperationRef): Promise<BulkRun | null> {
  if (!(await tryRunLock(tx, ref))) return null;
  const run = await findBulkRun(tx, ref);
  return run === null || isFinished(run.operation.status) ? null : run;
}

/** The next organizations, with their outcomes and how far it is, in one transaction. @returns whether there are more */
async function runChunk(ctx: RequestContext, ref: BulkOperationRef): Promise<boolean> {
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const run = await lockRun(tx, ref);
    if (run === null) return false;
    const { operation } = run;
    if (operation.cancelRequestedAt !== null) {
      await finishOperation(ctx, tx, operation, { ...operation, status: 'CANCELLED', failure: null });
      return false;
    }
    if (operation.status === 'PENDING' && !(await writeStarted(tx, operation, ctx.now))) return false;
    const items = await findNextItems(tx, operation, operation.doneThrough, CHUNK_SIZE);
    const action = await openAction(ctx, tx, run);
    const { decided, write } = await action.decide(tx, items, 'LOCK');
    await write();
    await recordRefusals(ctx, tx, action, decided);
    await keepOutcomes(tx, operation, decided);
    const tally = addTallies(operation, tallyOf(decided));
    const doneThrough = items.at(-1)?.position ?? operation.total;
    if (doneThrough >= operation.total) {
      await finishOperation(ctx, tx, operation, endOf(operation, tally));
      return false;
    }
    return writeProgress(tx, operation, { ...tally, doneThrough });
  });
}
