import { KeyString, parseNewKey } from '../api-key/key-string.ts';
import { LONGEST_OVERLAP_MINUTES, parseOverlap } from '../api-key/overlap.ts';
import { actionOf } from '../bulk-operation/open-action.ts';
import { runBulkCommand } from '../bulk-operation/run-bulk-command.ts';
import type { BulkOrder, BulkTarget } from '../bulk-operation/start-operation.ts';
import { syncAction } from '../bulk-operation/sync-action.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { validationFailed } from '../errors.ts';
import { refuseBorrower } from '../identity/authorize.ts';
import type { BulkOperationRef } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { findOverlapAllowed } from './overlap-allowed.repository.ts';

const LATEST_MS = 366 * 24 * 60 * 60_000;

export interface PlanRotation extends BulkTarget {
  readonly runAt: Date;
  /** Null: a new one. */
  readonly newKey: Secret | null;
  /** Whether all get the same new string; a given one they do. */
  readonly sharedString: boolean;
  /** 0: the old strings die at once. */
  readonly overlapMinutes: number;
  readonly overlapGraceMinutes: number;
}

/**
 * Plans a rotation for a time: an operation that waits for it, shows until then what it would do, and can be cancelled. Which
 * organizations it is about, whether somebody else has to approve it and what its starter may do is settled now; what each
 * of them refuses is decided when it runs. Under a delegation nothing is planned: it would be done after its end.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `INVALID_KEY_FORMAT`, `TOO_MANY_TARGETS`, `LIMIT_REACHED`, `IDEMPOTENCY_KEY_REUSED`
 */
export async function planRotation(ctx: RequestContext, input: PlanRotation): Promise<BulkOperationRef> {
  const { runAt, sharedString, overlapMinutes, overlapGraceMinutes, dryRun } = input;
  const newKey = input.newKey?.expose() ?? null;
  const kind = sharedString || newKey !== null ? 'SYNC_API_KEY' : 'REGENERATE_API_KEY';
  const more = { runAt, newKey, sharedString, overlapMinutes, overlapGraceMinutes };
  const { answer } = await runBulkCommand(ctx, kind, input, more, async (tx) => {
    refuseBorrower(ctx.actor);
    refuseBadTime(runAt, ctx.now);
    const overlap = parseOverlap(overlapMinutes, overlapGraceMinutes, LONGEST_OVERLAP_MINUTES);
    const check: BulkOrder['check'] = async (checkTx, operation) => {
      if (overlap === null) return;
      parseOverlap(overlapMinutes, overlapGraceMinutes, await findOverlapAllowed(checkTx, operation));
    };
    const order = await orderOf(ctx, tx, { kind, newKey, how: overlap === null ? {} : { overlap } });
    return { ...order, check, ...(dryRun ? {} : { runAt }) };
  });
  return answer;
}

interface Wanted {
  readonly kind: 'SYNC_API_KEY' | 'REGENERATE_API_KEY';
  readonly newKey: string | null;
  readonly how: Parameters<typeof syncAction>[2];
}

async function orderOf(ctx: RequestContext, tx: Tx, { kind, newKey, how }: Wanted): Promise<BulkOrder> {
  const keys = await ctx.keyRing.of(tx, ctx.actor.home.rootProviderId);
  if (kind === 'REGENERATE_API_KEY') {
    const command = { kind, keyKind: 'CLOUD_SERVICE', ...how } as const;
    return { command, secret: null, action: actionOf(ctx, command) };
  }
  const keyString = newKey === null ? KeyString.generate() : parseNewKey(newKey);
  const command = { kind, fingerprint: keys.fingerprint(keyString), ...how } as const;
  return { command, secret: keyString, action: syncAction(ctx, keyString, how) };
}

function refuseBadTime(runAt: Date, now: Date): void {
  if (runAt > now && runAt.getTime() - now.getTime() <= LATEST_MS) return;
  throw validationFailed('runAt', 'Give a time that is to come, within a year.');
}
