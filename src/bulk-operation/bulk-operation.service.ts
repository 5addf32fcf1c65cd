import type { RequestContext } from '../context.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { BulkOperationRef, ServiceProviderRef } from '../ids.ts';
import { invalidCursor, type Page, type PageRequest, type Position, requireTimestamp, toPage } from '../page.ts';
import { countAwaiting, type Decider, findAwaitingPage } from './approval.repository.ts';
import { kindsToDecide } from './approval.ts';
import { countResults, findResultPage } from './bulk-item.repository.ts';
import {
  countBulkOperations,
  findBulkOperation,
  findBulkOperationPage,
  type Listed,
  writeCancelRequest,
} from './bulk-operation.repository.ts';
import { type BulkOutcome, changedThrough, NEVER_BEGUN, refuseFinished } from './bulk-operation.ts';
import { type BulkOperation, type BulkResult, seesOperation } from './bulk-operation-row.ts';
import { forgetDryRun } from './dry-run-first.ts';
import { finishOperation, recordOperation } from './finish-operation.ts';
import { runOperationCommand } from './run-operation-command.ts';

/** The newest first. */
export const OPERATION_ORDER = 'CREATED_AT_DESC';

/** Where it stands in that order. */
export function positionOfOperation(operation: BulkOperation): Position {
  return { value: operation.createdAt.toISOString(), id: operation.id };
}

/** Null when it does not exist or is out of sight. @throws DomainError `FORBIDDEN` */
export async function lookUpBulkOperation(ctx: RequestContext, ref: BulkOperationRef): Promise<BulkOperation | null> {
  const { scope } = ctx.actor;
  const found = await ctx.database.read(scope, (tx) => findBulkOperation(tx, ref));
  if (found === null || !seesOperation(ctx.actor, found)) return null;
  requirePermission(ctx.actor, 'apiKey:view');
  return found;
}

/** Which of them. */
export interface OperationFilter {
  /** `AWAITING_VIEWER`: those that the viewer may approve or reject now. */
  readonly which: Listed | 'AWAITING_VIEWER';
  /** Those started at this provider or below it, or with an organization of theirs; null: all. */
  readonly serviceProvider: ServiceProviderRef | null;
}

/** Those that were started at the viewer's provider or below; the staff of an organization have none. @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED` */
export async function listBulkOperations(
  ctx: RequestContext,
  { which, serviceProvider }: OperationFilter,
  page: PageRequest,
): Promise<Page<BulkOperation>> {
  requirePermission(ctx.actor, 'apiKey:view');
  requireTimestamp(page.after);
  const { scope, authority } = ctx.actor;
  if (authority === 'ORGANIZATION') return toPage([], page);
  const rows = await ctx.database.read(scope, (tx) =>
    which === 'AWAITING_VIEWER'
      ? findAwaitingPage(tx, scope, deciderOf(ctx), serviceProvider, page)
      : findBulkOperationPage(tx, scope, which, serviceProvider, page),
  );
  return toPage(rows, page);
}

function deciderOf({ actor, now }: RequestContext): Decider {
  return { id: actor.id, kinds: kindsToDecide(actor), now };
}

/** As many as all pages of `listBulkOperations` have. */
export async function countListedBulkOperations(
  ctx: RequestContext,
  { which, serviceProvider }: OperationFilter,
): Promise<number> {
  const { scope, authority } = ctx.actor;
  if (authority === 'ORGANIZATION') return 0;
  return ctx.database.read(scope, (tx) =>
    which === 'AWAITING_VIEWER'
      ? countAwaiting(tx, scope, deciderOf(ctx), serviceProvider)
      : countBulkOperations(tx, scope, which, serviceProvider),
  );
}

/** In the order in which they are gone through. */
export const RESULT_ORDER = 'POSITION';

/** Where it stands in that order. */
export function positionOfResult({ operation, result }: { operation: BulkOperation; result: BulkResult }): Position {
  return { value: String(result.position), id: operation.id };
}

/**
 * How an operation that the caller may see has ended so far, organization by organization. An all-or-nothing operation
 * that was refused tells why, and nothing of those that would have been changed.
 */
export async function listResults(
  ctx: RequestContext,
  operation: BulkOperation,
  outcome: BulkOutcome | null,
  page: PageRequest,
): Promise<Page<BulkResult>> {
  const after = page.after === null ? 0 : resultNumber(page.after);
  const known = { changedThrough: changedThrough(operation), outcome, after, most: page.first + 1 };
  const { scope } = ctx.actor;
  const rows = await ctx.database.read(scope, (tx) => findResultPage(tx, scope, operation, known));
  return toPage(rows, page);
}

/** @throws DomainError `VALIDATION_FAILED` */
function resultNumber({ value }: Position): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw invalidCursor();
}

/** As many as all pages of `listResults` have. */
export function countListedResults(
  ctx: RequestContext,
  operation: BulkOperation,
  outcome: BulkOutcome | null,
): Promise<number> {
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) =>
    countResults(tx, scope, operation, { changedThrough: changedThrough(operation), outcome }),
  );
}

export interface CancelInput {
  /** Null: an id that names nothing. */
  readonly operation: BulkOperationRef | null;
}

/**
 * What is not done yet is left; what is done stays. One that nobody has begun ends at once, a running one after what it is
 * at: it tells by its status, which may still be that of one that went through.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `OPERATION_NOT_CANCELLABLE`
 */
export function cancelBulkOperation(ctx: RequestContext, { operation: ref }: CancelInput): Promise<BulkOperationRef> {
  const action = 'bulk_operation.cancel';
  const command = { action, operation: ref, field: 'id', given: {}, idempotencyKey: null } as const;
  return runOperationCommand(ctx, command, async (tx, operation) => {
    refuseFinished(operation.status);
    await writeCancelRequest(tx, operation, ctx.now);
    await recordOperation(tx, ctx, action, operation);
    if (operation.status === 'PENDING') {
      await forgetDryRun(tx, operation);
      await finishOperation(ctx, tx, operation, { ...NEVER_BEGUN, status: 'CANCELLED', failure: null });
    }
  });
}
