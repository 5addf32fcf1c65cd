import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { BulkOperationRef } from '../ids.ts';
import { countItemsInSight, writeApproval } from './approval.repository.ts';
import { type Approval, parseDecisionNote, refuseClosed, refuseDecider, refuseUnseen } from './approval.ts';
import { lockBulkOperation } from './bulk-operation.repository.ts';
import { NEVER_BEGUN, permissionForKind } from './bulk-operation.ts';
import { type BulkOperation, seesOperation } from './bulk-operation-row.ts';
import { forgetDryRun } from './dry-run-first.ts';
import { finishOperation, recordOperation } from './finish-operation.ts';

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

async function decideAs(
  ctx: RequestContext,
  decision: 'APPROVED' | 'REJECTED',
  { operation: ref, note, idempotencyKey }: DecisionInput,
  settle: (tx: Tx, operation: BulkOperation, decided: Approval) => Promise<void>,
): Promise<BulkOperationRef> {
  const { actor, now } = ctx;
  const find = async (tx: Tx) => (ref === null ? null : lockBulkOperation(tx, ref));
  const command = {
    action: decision === 'APPROVED' ? 'bulk_operation.approve' : 'bulk_operation.reject',
    input: { operation: ref, note },
    idempotencyKey,
    target: ref?.bulkOperationId ?? null,
    locate: find,
  } as const;
  const { answer } = await runCommand<BulkOperationRef>(ctx, command, async (tx) => {
    const found = await find(tx);
    const permission = permissionForKind[found?.kind ?? 'SYNC_API_KEY'];
    const operation = authorize(actor, permission, found, 'bulkOperationId', (_, seen) => seesOperation(actor, seen));
    refuseDecider(actor, operation);
    refuseClosed(operation, now);
    const decisionNote = parseDecisionNote(decision, note);
    await refuseUnlessAllInSight(ctx, tx, operation);
    await settle(tx, operation, {
      approval: decision,
      approvalExpiresAt: operation.approvalExpiresAt,
      decidedAt: now,
      decidedById: actor.id,
      decidedByName: actor.displayName,
      decisionNote,
    });
    return { rootProviderId: operation.rootProviderId, bulkOperationId: operation.id };
  });
  return answer;
}

/** @throws DomainError `FORBIDDEN` */
async function refuseUnlessAllInSight({ actor }: RequestContext, tx: Tx, operation: BulkOperation): Promise<void> {
  if ((await countItemsInSight(tx, actor.scope, operation)) === operation.total) return;
  throw new DomainError('FORBIDDEN', 'You do not see all of its organizations. Ask somebody above who does.');
}
