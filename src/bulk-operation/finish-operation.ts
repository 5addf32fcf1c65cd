import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { type End, writeEnd } from './bulk-operation.repository.ts';
import { finalStatus, NEVER_BEGUN, type Tally } from './bulk-operation.ts';
import type { BulkOperation } from './bulk-operation-row.ts';
import { noteOfRotation } from './rotation-terms.ts';

/** How it ends once all its organizations were gone through. Of a refused all-or-nothing run nothing was changed. */
export function endOf({ atomicity, dryRun, total }: BulkOperation, tally: Tally): End {
  const status = finalStatus(atomicity, tally);
  const isVoid = !dryRun && atomicity === 'ALL_OR_NOTHING' && status === 'FAILED';
  return isVoid
    ? { ...tally, changed: 0, doneThrough: 0, status, failure: null }
    : { ...tally, doneThrough: total, status, failure: null };
}

/** Whether the window is closed in which it was to be done. */
export function isOverTime({ runUntil }: BulkOperation, now: Date): boolean {
  return runUntil !== null && now >= runUntil;
}

/** What is done by then stays done; the rest is for the next window. */
export function endOfTime(operation: BulkOperation): End {
  const { changed, unchanged, refused } = operation;
  const failure = 'The window of its rotation policy closed. What is left follows in the next one.';
  const isVoid = operation.atomicity === 'ALL_OR_NOTHING' || operation.status === 'PENDING';
  if (isVoid) return { ...NEVER_BEGUN, status: 'CANCELLED', failure };
  const { doneThrough } = operation;
  return {
    changed,
    unchanged,
    refused,
    doneThrough,
    status: changed > 0 ? 'PARTIALLY_SUCCEEDED' : 'CANCELLED',
    failure,
  };
}

/** @returns false when it has ended already, or when what would be done all at once is to be cancelled */
export async function finishOperation(
  ctx: RequestContext,
  tx: Tx,
  operation: BulkOperation,
  end: End,
): Promise<boolean> {
  if (!(await writeEnd(tx, operation, end, ctx.now))) return false;
  const approval = operation.approval === 'PENDING' ? 'WITHDRAWN' : operation.approval;
  await recordOperation(tx, ctx, 'bulk_operation.finish', { ...operation, ...end, approval });
  return true;
}

function policyNoteOf({ command }: BulkOperation): string | null {
  return command !== null && 'policy' in command ? noteOfRotation(command) : null;
}

/**
 * One row for the operation as a whole, besides those of its organizations: the provider's, whose staff it is for, also when
 * the operation is kept at an organization for a borrower to find.
 */
export function recordOperation(
  tx: Tx,
  ctx: RequestContext,
  action: Extract<AuditAction, `bulk_operation.${string}`>,
  operation: BulkOperation,
  note: string | null = operation.failure ?? policyNoteOf(operation),
): Promise<void> {
  const { kind, atomicity, dryRun, status, total, changed, unchanged, refused, approval, decidedByName, runAt } =
    operation;
  const { rootProviderId, providerPath } = operation;
  const agreed = approval === null ? {} : { approval, decidedBy: decidedByName };
  const planned = runAt === null ? {} : { runAt: runAt.toISOString() };
  return recordAudit(tx, ctx, {
    action,
    subject: { rootProviderId, providerPath, organizationId: null },
    target: operation.id,
    result: 'OK',
    before: null,
    after: { kind, atomicity, dryRun, status, total, changed, unchanged, refused, ...agreed, ...planned },
    note,
  });
}
