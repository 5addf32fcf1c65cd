import { provisionKey } from '../api-key/provision-key.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import { newId, type OrganizationRef } from '../ids.ts';
import { lockOrganization } from '../organization/organization.repository.ts';
import { findSubscriptionsAwaitingStart, markSubscriptionStarted } from './subscription.repository.ts';

const MOST_AT_ONCE = 500;

/**
 * Starts the scheduled subscriptions whose time has come: each in a transaction of its own, once, however many
 * processes do this at the same time. While there is no key encryption key they wait: a start may need a key string.
 * @returns how many this call started
 */
export async function startDueSubscriptions(services: Services, now: Date): Promise<number> {
  if (!services.keyRing.isAvailable) return 0;
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: newId<'Run'>(), now, ipAddress: null };
  const due = await services.database.read(SYSTEM_ACTOR.scope, (tx) =>
    findSubscriptionsAwaitingStart(tx, now, MOST_AT_ONCE),
  );
  let started = 0;
  for (const organization of due) if (await startSubscription(ctx, organization)) started++;
  return started;
}

function startSubscription(ctx: RequestContext, ref: OrganizationRef): Promise<boolean> {
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const organization = await lockOrganization(tx, ref);
    if (organization === null || !(await markSubscriptionStarted(tx, ref, ctx.now))) return false;
    const provisioned = await provisionKey(ctx, tx, ref);
    await recordAudit(tx, ctx, {
      action: 'subscription.start',
      subject: organization,
      target: ref.organizationId,
      result: 'OK',
      before: null,
      after: { keyProvisioned: provisioned },
      note: null,
    });
    return true;
  });
}
