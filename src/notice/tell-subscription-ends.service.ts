import type { AuditEntry } from '../audit/audit-event.ts';
import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import type { ServiceProviderId, SubscriptionId } from '../ids.ts';
import { subscriptionAuditState } from '../subscription/subscription-audit-state.ts';
import { runId } from '../watching/current.ts';
import { daysLeft } from './subscription-lead.ts';
import {
  type DueNotice,
  findDueNotices,
  findRootsWithDueNotices,
  insertNotices,
  lockDueNotices,
} from './subscription-notice.repository.ts';

/** Looked for at once: looking costs as much as telling some hundred. */
const MOST_FOUND = 20_000;
/** Told in one transaction. */
const BATCH = 1000;

/**
 * Tells, as events of the trail, of subscriptions that end in 30, 14, 7 or 1 days and of those that have ended: of each end
 * once, in the transaction that notes it, however many processes do this and however the clock moves.
 * @returns how many this call told of
 */
export async function tellSubscriptionEnds(services: Services, now: Date): Promise<number> {
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: runId(), now, ipAddress: null };
  const roots = await services.database.read(PLATFORM_SCOPE, (tx) => findRootsWithDueNotices(tx, now));
  let told = 0;
  await eachAlone(services, 'telling of subscriptions that end', roots, async (root) => {
    for (;;) {
      const due = await services.database.read(PLATFORM_SCOPE, (tx) => findDueNotices(tx, now, root, MOST_FOUND));
      let toldNow = 0;
      for (let at = 0; at < due.length; at += BATCH) toldNow += await tell(ctx, root, due.slice(at, at + BATCH));
      told += toldNow;
      // What is held by others comes again with the next run.
      if (due.length < MOST_FOUND || toldNow === 0) return;
    }
  });
  return told;
}

function tell(ctx: RequestContext, rootProviderId: ServiceProviderId, ids: readonly SubscriptionId[]): Promise<number> {
  return ctx.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const due = await lockDueNotices(tx, ctx.now, rootProviderId, ids);
    if (due.length === 0) return 0;
    const inserted = new Set((await insertNotices(tx, rootProviderId, due, ctx.now)).map(({ id }) => id));
    const told = due.filter(({ id }) => inserted.has(id));
    await recordAudits(
      tx,
      ctx,
      told.map((notice) => entryOf(notice, ctx.now)),
      null,
    );
    return told.length;
  });
}

function entryOf(notice: DueNotice, now: Date): Omit<AuditEntry, 'note'> {
  const { rootProviderId, providerPath, organizationId, lead, endsAt } = notice;
  const state = subscriptionAuditState(notice, now);
  return {
    action: lead === 0 ? 'subscription.end' : 'subscription.notice_ending',
    subject: { rootProviderId, providerPath, organizationId },
    target: organizationId,
    result: 'OK',
    before: null,
    after: lead === 0 ? state : { ...state, daysLeft: daysLeft(endsAt, now) },
  };
}
