import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import type { RotationPolicyId } from '../ids.ts';
import { runId } from '../watching/current.ts';
import { insertDueNotices, insertSharedNotices, type NewNotice, type NoticeAsk } from './notice.repository.ts';
import { findEnabledPolicies } from './rotation-policy.repository.ts';
import type { RotationPolicy } from './rotation-policy.ts';
import { lastDueBy, plannedAt } from './rotation-window.ts';

const MOST_AT_ONCE = 5000;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Tells of keys that are to be rotated, as many days ahead as their policies say, each once: one event with the time of the
 * coming window. Of several lead times that have passed at once the shortest counts. Those that share a string which is to be
 * rotated at once are told of with the first of them.
 * @returns of how many keys it told
 */
export async function announceRotations(services: Services, now: Date): Promise<number> {
  const { database } = services;
  const policies = await database.read(PLATFORM_SCOPE, findEnabledPolicies);
  const asks = policies.flatMap((policy) => asksOf(policy, now));
  if (asks.length === 0) return 0;
  const byId = new Map(policies.map((policy) => [policy.id, policy]));
  const ctx: RequestContext = { ...services, actor: SYSTEM_ACTOR, requestId: runId(), now, ipAddress: null };
  const own = await announceAll(ctx, byId, (tx) => insertDueNotices(tx, asks, now, MOST_AT_ONCE));
  const sharing = asks.filter(({ policy }) => policy.sharedString);
  if (sharing.length === 0) return own;
  return own + (await announceAll(ctx, byId, (tx) => insertSharedNotices(tx, sharing, now, MOST_AT_ONCE)));
}

/** @param insert notes some more. @returns of how many keys it told */
async function announceAll(
  ctx: RequestContext,
  byId: ReadonlyMap<RotationPolicyId, RotationPolicy>,
  insert: (tx: Tx) => Promise<NewNotice[]>,
): Promise<number> {
  const { database, now } = ctx;
  let told = 0;
  for (;;) {
    const noted = await database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      const notices = await insert(tx);
      const entries = shortest(notices).flatMap((notice) => {
        const policy = byId.get(notice.policyId);
        return policy === undefined ? [] : [entryOf(notice, policy, now)];
      });
      await recordAudits(tx, ctx, entries, null);
      told += entries.length;
      return notices.length;
    });
    if (noted < MOST_AT_ONCE) return told;
  }
}

function asksOf(policy: RotationPolicy, now: Date): NoticeAsk[] {
  return policy.noticeDays.map((leadDays) => {
    const dueUntil = lastDueBy(policy.window, new Date(now.getTime() + leadDays * DAY_MS));
    return { policy, leadDays, dueUntil };
  });
}

/** They come by organization, the shortest lead first. */
function shortest(notices: readonly NewNotice[]): NewNotice[] {
  return notices.filter(({ organizationId }, index) => notices[index - 1]?.organizationId !== organizationId);
}

function entryOf(notice: NewNotice, { name, mode, window }: RotationPolicy, now: Date) {
  const { rootProviderId, providerPath, organizationId, kind, version, fingerprint, leadDays, dueAt } = notice;
  const planned = plannedAt(window, dueAt > now ? dueAt : now);
  const key = { kind, version, fingerprint };
  return {
    action: 'api_key.notice_rotation',
    subject: { rootProviderId, providerPath, organizationId },
    target: organizationId,
    result: 'OK',
    before: null,
    after: {
      ...key,
      ...{ dueAt: dueAt.toISOString(), plannedAt: planned.toISOString(), leadDays },
      ...{ rotationPolicy: name, rotationMode: mode },
    },
  } as const;
}
