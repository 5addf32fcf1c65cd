import type { AuditEntry } from '../audit/audit-event.ts';
import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import type { ServiceProviderId } from '../ids.ts';
import { runId } from '../watching/current.ts';
import { findRootsToTell, type ThresholdNotice, takeUntold } from './threshold-notice.repository.ts';

const BATCH = 1000;

/**
 * Tells, as events of the trail, of keys that have used 75, 90 or 100 per cent of their calls: of each once in a window,
 * however many processes do this. The gateway notes them with the call itself, and waits for none of this.
 * @returns how many this call told of
 */
export async function tellThresholds(services: Services, now: Date): Promise<number> {
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: runId(), now, ipAddress: null };
  let told = 0;
  const roots = await services.database.read(PLATFORM_SCOPE, findRootsToTell);
  await eachAlone(services, 'telling of thresholds', roots, async (root) => {
    for (let count = BATCH; count === BATCH; told += count) count = await tellRoot(ctx, root);
  });
  return told;
}

function tellRoot(ctx: RequestContext, rootProviderId: ServiceProviderId): Promise<number> {
  return ctx.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const notices = await takeUntold(tx, rootProviderId, BATCH, ctx.now);
    await recordAudits(tx, ctx, notices.map(entryOf), null);
    return notices.length;
  });
}

function entryOf(notice: ThresholdNotice): Omit<AuditEntry, 'note'> {
  const { rootProviderId, providerPath, organizationId, kind, percent, used, threshold, windowStart } = notice;
  return {
    action: percent === 100 ? 'api_key.reach_threshold' : 'api_key.warn_threshold',
    subject: { rootProviderId, providerPath, organizationId },
    target: organizationId,
    result: 'OK',
    before: null,
    after: { kind, percent, used, callThreshold: threshold, windowStartsAt: windowStart.toISOString() },
  };
}
