import { noteWithoutKeys } from '../api-key/note-without-keys.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import type { BulkOperationRef } from '../ids.ts';
import { countItemsInSight, writeApproval } from './approval.repository.ts';
import { type Approval, parseDecisionNote, refuseClosed, refuseDecider, refuseUnseen } from './approval.ts';
import { NEVER_BEGUN } from './bulk-operation.ts';
import type { BulkOperation } from './bulk-operation-row.ts';
import { forgetDryRun } from './dry-run-first.ts';
import { finishOperation, recordOperation } from './finish-operation.ts';
import { runOperationCommand } from './run-operation-command.ts';

export interface DecisionInput {
  /** Null: an id that names nothing. */
  readonly operation: BulkOperationRef | null;
  readonly note: string | null;
  readonly idempotencyKey: string | null;
}

/**
 * Lets the background begin what waits, in the name of whoever started it. It decides anew about every organization: its
 * dry run told how they were then.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `APPROVAL_CLOSED`, `APPROVAL_NOT_READY`, `VALIDATION_FAILED`
 */
export function approveBulkOperation(ctx: RequestContext, input: DecisionInput): Promise<BulkOperationRef> {
  return decideAs(ctx, 'APPROVED', input, async (tx, operation, decided) => {
    refuseUnseen(operation);
    await recordOperation(tx, ctx, 'bulk_operation.approve', { ...operation, ...decided }, decided.decisionNote);
    await forgetDryRun(tx, operation);
    await writeApproval(tx, operation, decided);
  });
}

/**
 * Ends what waits, as `CANCELLED`, and forgets its string.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `APPROVAL_CLOSED`, `NOTE_REQUIRED`, `VALIDATION_FAILED`
 */
export function rejectBulkOperation(ctx: RequestContext, input: DecisionInput): Promise<BulkOperationRef> {
  return decideAs(ctx, 'REJECTED', input, async (tx, operation, decided) => {
    await recordOperation(tx, ctx, 'bulk_operation.reject', { ...operation, ...decided }, decided.decisionNote);
    await forgetDryRun(tx, operation);
    await writeApproval(tx, operation, decided);
    const failure = 'It was rejected: the note of its approval says why.';
    await finishOperation(ctx, tx, { ...operation, ...decided }, { ...NEVER_BEGUN, status: 'CANCELLED', failure });
  });
}

function decideAs(
  ctx: RequestContext,
  decision: 'APPROVED' | 'REJECTED',
  { operation: ref, note, idempotencyKey }: DecisionInput,
  settle: (tx: Tx, operation: BulkOperation, decided: Approval) => Promise<void>,
): Promise<BulkOperationRef> {
  const { actor, now } = ctx;
  const action = decision === 'APPROVED' ? 'bulk_operation.approve' : 'bulk_operation.reject';
  const command = { action, operation: ref, field: 'bulkOperationId', given: { note }, idempotencyKey } as const;
  return runOperationCommand(ctx, command, async (tx, operation) => {
    refuseDecider(actor, operation);
    refuseClosed(operation, now);
    const kept = await noteWithoutKeys(ctx, tx, operation.rootProviderId, note);
    const decisionNote = parseDecisionNote(decision, kept);
    await refuseUnlessAllInSight(ctx, tx, operation);
    await settle(tx, operation, {
      approval: decision,
      approvalExpiresAt: operation.approvalExpiresAt,
      decidedAt: now,
      decidedById: actor.id,
      decidedByName: actor.displayName,
      decisionNote,
    });
  });
}

/** @throws DomainError `FORBIDDEN` */
async function refuseUnlessAllInSight({ actor }: RequestContext, tx: Tx, operation: BulkOperation): Promise<void> {
  if ((await countItemsInSight(tx, actor.scope, operation)) === operation.total) return;
  throw new DomainError('FORBIDDEN', 'You do not see all of its organizations. Ask somebody above who does.');
}
