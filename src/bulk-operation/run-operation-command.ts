import type { AuditAction } from '../audit/audit-event.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { authorize } from '../identity/authorize.ts';
import type { BulkOperationRef } from '../ids.ts';
import { lockBulkOperation } from './bulk-operation.repository.ts';
import { permissionForKind } from './bulk-operation.ts';
import { type BulkOperation, seesOperation } from './bulk-operation-row.ts';

interface OperationCommand {
  readonly action: AuditAction;
  /** Null: an id that names nothing. */
  readonly operation: BulkOperationRef | null;
  /** Of the input, where that id stands. */
  readonly field: string;
  /** What else the command was given. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string | null;
}

/**
 * One command on one operation, under its lock, by whoever may do what it does.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`
 */
export async function runOperationCommand(
  ctx: RequestContext,
  { action, operation: ref, field, given, idempotencyKey }: OperationCommand,
  settle: (tx: Tx, operation: BulkOperation) => Promise<void>,
): Promise<BulkOperationRef> {
  const find = async (tx: Tx) => (ref === null ? null : lockBulkOperation(tx, ref));
  const target = ref?.bulkOperationId ?? null;
  const command = { action, input: { operation: ref, ...given }, idempotencyKey, target, locate: find };
  const { answer } = await runCommand<BulkOperationRef>(ctx, command, async (tx) => {
    const found = await find(tx);
    const permission = permissionForKind[found?.kind ?? 'SYNC_API_KEY'];
    const operation = authorize(ctx.actor, permission, found, field, (_, seen) => seesOperation(ctx.actor, seen));
    await settle(tx, operation);
    return { rootProviderId: operation.rootProviderId, bulkOperationId: operation.id };
  });
  return answer;
}
