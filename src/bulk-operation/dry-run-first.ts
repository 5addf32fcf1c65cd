import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkOperationId, BulkOperationRef } from '../ids.ts';
import { findApprovalLimits, forgetItemOutcomes, writeDryRun } from './approval.repository.ts';
import { type Approval, approvalFor, isLookedAt, NO_APPROVAL } from './approval.ts';
import { findNextItems } from './bulk-item.repository.ts';
import { findBulkRun, tryRunLock } from './bulk-operation.repository.ts';
import { addTallies, isPlanned, NOTHING_DONE } from './bulk-operation.ts';
import type { BulkOperation } from './bulk-operation-row.ts';
import { openAction } from './open-action.ts';
import { type Job, keepOutcomes, tallyOf } from './run-items.ts';

const CHUNK_SIZE = 2000;

/** Whether somebody else has to approve, by what every provider above the organizations asks for, seen or not. */
export async function settleApproval(
  { actor: { scope }, now }: RequestContext,
  tx: Tx,
  { id, total, dryRun }: { readonly id: BulkOperationId; readonly total: number; readonly dryRun: boolean },
): Promise<Approval> {
  if (dryRun) return NO_APPROVAL;
  const find = (anyTx: Tx) => findApprovalLimits(anyTx, id);
  const isNarrowed = scope.level === 'PROVIDER' || scope.level === 'ORGANIZATION';
  const { rootProviderId } = isNarrowed ? scope : { rootProviderId: null };
  const limits =
    rootProviderId === null
      ? await find(tx)
      : await tx.within({ level: 'PROVIDER', rootProviderId, providerId: rootProviderId }, find);
  return approvalFor({ total, dryRun }, limits, now);
}

/** Whether what is known of it is a dry run: it waits for approval, or for its time. */
export function isWaiting(operation: BulkOperation): boolean {
  return operation.approval === 'PENDING' || isPlanned(operation);
}

/** Why a dry run was left without a trace: the operation waits no longer, or the process is to stop. */
class LeftOff extends Error {}

/**
 * Keeps of one that waits how each of its organizations would end.
 * @throws Error when it does not wait any more, or is to stop: then nothing is to be kept
 */
export async function lookAhead(
  tx: Tx,
  { operation, action }: Job,
  isStopping: () => boolean = () => false,
): Promise<void> {
  let tally = NOTHING_DONE;
  for (let after = 0; after < operation.total; ) {
    const items = await findNextItems(tx, operation, after, CHUNK_SIZE);
    const last = items.at(-1);
    if (last === undefined) throw new Error('an operation has fewer items than it counts');
    const { decided } = await action.decide(tx, items, 'LOOK');
    await keepOutcomes(tx, operation, decided);
    tally = addTallies(tally, tallyOf(decided));
    after = last.position;
    if (isStopping()) throw new LeftOff();
  }
  if (!(await writeDryRun(tx, operation, tally))) throw new LeftOff();
}

/** Says that no more than the dry run failed, of what is run at its time with or without one. */
export class DryRunError extends Error {
  override readonly name = 'DryRunError';
}

/** The same in the background: all in one transaction, once, whichever process does it. */
export async function lookAheadLater(
  ctx: RequestContext,
  ref: BulkOperationRef,
  isStopping: () => boolean,
): Promise<void> {
  const work = async (tx: Tx) => {
    if (!(await tryRunLock(tx, ref))) return;
    const run = await findBulkRun(tx, ref);
    if (run === null || !isWaiting(run.operation) || isLookedAt(run.operation)) return;
    await lookAhead(tx, { operation: run.operation, action: await openAction(ctx, tx, run) }, isStopping);
  };
  await ctx.database.withTransaction(ctx.actor.scope, work).catch((error: unknown) => {
    if (!(error instanceof LeftOff)) throw error;
  });
}

/**
 * Of one that was not begun: what a dry run told is no longer to be taken for what was done. A dry run that is still being
 * made finds that out by itself.
 */
export async function forgetDryRun(tx: Tx, operation: BulkOperation): Promise<void> {
  if (isWaiting(operation) && isLookedAt(operation)) await forgetItemOutcomes(tx, operation);
}
