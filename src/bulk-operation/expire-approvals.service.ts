import type { RequestContext, Services } from '../context.ts';
import { eachAlone } from '../each-alone.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import type { BulkOperationRef } from '../ids.ts';
import { runId } from '../watching/current.ts';
import { findExpiredOperations, writeApproval } from './approval.repository.ts';
import { approvalAt, NO_APPROVAL } from './approval.ts';
import { lockBulkOperation } from './bulk-operation.repository.ts';
import { isFinished, NEVER_BEGUN } from './bulk-operation.ts';
import { forgetDryRun } from './dry-run-first.ts';
import { finishOperation, recordOperation } from './finish-operation.ts';

/**
 * Ends, as `CANCELLED`, what nobody decided in time, and forgets its string: each in a transaction of its own, once,
 * however many processes do this. That nobody can decide it any more does not hang on this.
 * @returns how many this call ended. @throws Error when some could not be ended: only after all others
 */
export async function expireApprovals(services: Services, now: Date): Promise<number> {
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: runId(), now, ipAddress: null };
  const due = await services.database.read(SYSTEM_ACTOR.scope, (tx) => findExpiredOperations(tx, now));
  let ended = 0;
  await eachAlone(services, 'ending an operation that nobody approved', due, async (ref) => {
    if (await expire(ctx, ref)) ended++;
  });
  return ended;
}

function expire(ctx: RequestContext, ref: BulkOperationRef): Promise<boolean> {
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const operation = await lockBulkOperation(tx, ref);
    if (operation === null || isFinished(operation.status) || approvalAt(operation, ctx.now) !== 'EXPIRED')
      return false;
    const expired = { ...NO_APPROVAL, approval: 'EXPIRED', approvalExpiresAt: operation.approvalExpiresAt } as const;
    await recordOperation(tx, ctx, 'bulk_operation.expire', { ...operation, ...expired });
    await forgetDryRun(tx, operation);
    await writeApproval(tx, operation, expired);
    const failure = 'Nobody approved it in time. Start it again if it is still wanted.';
    return finishOperation(ctx, tx, { ...operation, ...expired }, { ...NEVER_BEGUN, status: 'CANCELLED', failure });
  });
}
