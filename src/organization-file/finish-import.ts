import type { Tally } from '../bulk-operation/bulk-operation.ts';
import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import { endOf, recordOperation } from '../bulk-operation/finish-operation.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { writeImportEnd } from './import-operation.repository.ts';
import { type ImportEnd, isSettled } from './import-operation.ts';
import { asOnlyRun, type ImportRun, lockRun } from './import-run.ts';

/** Says that all rows have been gone through. @throws Halt */
export function finishImport(run: ImportRun, tally: Tally): Promise<void> {
  return asOnlyRun(run, (ctx, tx, operation) => end(ctx, tx, operation, endOf(operation, tally)));
}

/**
 * Ends it before its end. What was written stays.
 * @param failure for whoever started it: says what to do next, and holds no secret
 */
export async function abandonImport(
  run: ImportRun,
  status: 'CANCELLED' | 'FAILED',
  failure: string | null,
): Promise<void> {
  const ctx = run.context();
  await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const operation = await lockRun(tx, run.ref);
    if (operation === null) return;
    if (isSettled(operation)) return end(ctx, tx, operation, endOf(operation, operation));
    const isPartDone = operation.atomicity === 'PER_ORGANIZATION' && !operation.dryRun;
    return end(ctx, tx, operation, {
      ...operation,
      doneThrough: isPartDone ? operation.doneThrough : 0,
      status,
      failure,
    });
  });
}

async function end(ctx: RequestContext, tx: Tx, operation: BulkOperation, ended: ImportEnd): Promise<void> {
  if (!(await writeImportEnd(tx, operation, ended, ctx.now))) return;
  await recordOperation(tx, ctx, 'bulk_operation.finish', { ...operation, ...ended });
}
