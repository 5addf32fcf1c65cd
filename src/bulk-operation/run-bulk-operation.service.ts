import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { BulkOperationRef } from '../ids.ts';
import { findNextItems } from './bulk-item.repository.ts';
import { type BulkRun, findBulkRun, tryRunLock, writeProgress, writeStarted } from './bulk-operation.repository.ts';
import { addTallies, bulkCommandKinds, isFinished, isPlanned, NEVER_BEGUN } from './bulk-operation.ts';
import { actorKept, type BulkOperation } from './bulk-operation-row.ts';
import { DryRunError, forgetDryRun, lookAheadLater } from './dry-run-first.ts';
import { endOf, endOfTime, finishOperation, isOverTime } from './finish-operation.ts';
import { openAction } from './open-action.ts';
import { runAllOrNothing } from './run-all-or-nothing.ts';
import { keepOutcomes, recordRefusals, tallyOf } from './run-items.ts';
import { findWaitingOperations } from './unfinished.repository.ts';

/** As many organizations are one transaction of a `PER_ORGANIZATION` operation: so many are locked at once. */
export const CHUNK_SIZE = 500;

/** Those that are to be run and that no process is running. */
export function findOperationsToRun(services: Services, now = new Date()): Promise<BulkOperationRef[]> {
  return services.database.withTransaction(PLATFORM_SCOPE, (tx) => findWaitingOperations(tx, bulkCommandKinds, now));
}

/**
 * Goes on with an operation where it stands, in the name of whoever started it, until it has ended or is to stop. What
 * they may do is not asked again: it was settled when they started it; row-level security still binds it to their scope.
 * It returns at once when another process has the operation. Any number of runs do nothing twice: what is done, and that
 * it is done, are committed together. Of what waits for approval, or for its time, it makes the dry run, and no more;
 * what a rotation policy asked for ends when its window closes.
 * @param clock tells the time anew for each part of it
 * @throws DryRunError of what waits for its time alone: it is run all the same
 */
export async function runBulkOperation(
  services: Services,
  ref: BulkOperationRef,
  isStopping: () => boolean = () => false,
  clock: () => Date = () => new Date(),
): Promise<void> {
  const run = await services.database.read(PLATFORM_SCOPE, (tx) => findBulkRun(tx, ref));
  if (run === null || isFinished(run.operation.status)) return;
  const context = () => contextOf(services, run, clock());
  if (run.operation.approval === 'PENDING') return lookAheadLater(context(), ref, isStopping);
  if (isBeforeItsTime(run.operation, clock())) {
    return lookAheadLater(context(), ref, isStopping).catch((cause: unknown) => {
      throw new DryRunError('the dry run of a planned operation failed', { cause });
    });
  }
  if (run.operation.atomicity === 'ALL_OR_NOTHING' || run.operation.dryRun) {
    await runAllOrNothing(context, ref, isStopping);
    return;
  }
  while (!isStopping() && (await runChunk(context(), ref))) {}
}

/**
 * Ends an operation that cannot be gone on with; one that is to be cancelled ends as that. What was done stays done.
 * @param reason for whoever started it: says what to do next, and holds no secret
 */
export async function failBulkOperation(services: Services, ref: BulkOperationRef, reason: string): Promise<void> {
  const run = await services.database.read(PLATFORM_SCOPE, (tx) => findBulkRun(tx, ref));
  if (run === null) return;
  const ctx = contextOf(services, run, new Date());
  await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const current = await lockRun(tx, ref);
    if (current === null) return;
    const { operation } = current;
    const doneThrough = operation.atomicity === 'ALL_OR_NOTHING' ? 0 : operation.doneThrough;
    const end =
      operation.cancelRequestedAt === null
        ? ({ status: 'FAILED', failure: reason } as const)
        : ({ status: 'CANCELLED', failure: null } as const);
    await finishOperation(ctx, tx, operation, { ...operation, doneThrough, ...end });
  });
}

function contextOf(services: Services, { actor, requestId, ipAddress }: BulkRun, now: Date): RequestContext {
  return { ...services, actor: actorKept(actor), requestId, now, ipAddress };
}

/** What is to be cancelled ends at once. */
function isBeforeItsTime(operation: BulkOperation, now: Date): boolean {
  const { runAt, cancelRequestedAt } = operation;
  return isPlanned(operation) && cancelRequestedAt === null && runAt !== null && now < runAt;
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
    if (isOverTime(operation, ctx.now)) {
      await finishOperation(ctx, tx, operation, endOfTime(operation));
      return false;
    }
    const done = operation.status === 'PENDING' ? NEVER_BEGUN : operation;
    if (operation.status === 'PENDING') {
      await forgetDryRun(tx, operation);
      if (!(await writeStarted(tx, operation, ctx.now))) return false;
    }
    const items = await findNextItems(tx, operation, done.doneThrough, CHUNK_SIZE);
    const action = await openAction(ctx, tx, run);
    const { decided, write } = await action.decide(tx, items, 'LOCK');
    await write();
    await recordRefusals(ctx, tx, action, decided);
    await keepOutcomes(tx, operation, decided);
    const tally = addTallies(done, tallyOf(decided));
    const doneThrough = items.at(-1)?.position ?? operation.total;
    if (doneThrough >= operation.total) {
      await finishOperation(ctx, tx, operation, endOf(operation, tally));
      return false;
    }
    return writeProgress(tx, operation, { ...tally, doneThrough });
  });
}
