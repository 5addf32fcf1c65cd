import { provisionKey } from '../api-key/provision-key.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { eachAlone } from '../each-alone.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import { newId, type OrganizationRef } from '../ids.ts';
import { lockOrganization } from '../organization/organization.repository.ts';
import {
  type AwaitingStart,
  findSubscriptionsAwaitingStart,
  markSubscriptionStarted,
} from './subscription.repository.ts';

const PAGE_SIZE = 500;

/**
 * Starts the scheduled subscriptions whose time has come: each in a transaction of its own, once, however many
 * processes do this at the same time. While there is no key encryption key they wait: a start may need a key string.
 * @returns how many this call started. @throws Error when some could not be started: only after all others
 */
export async function startDueSubscriptions(services: Services, now: Date, pageSize = PAGE_SIZE): Promise<number> {
  if (!services.keyRing.isAvailable) return 0;
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: newId<'Run'>(), now, ipAddress: null };
  let started = 0;
  await eachAlone(
    services,
    'starting a subscription',
    dueSubscriptions(services, now, pageSize),
    async (organization) => {
      if (await startSubscription(ctx, organization)) started++;
    },
  );
  return started;
}

/** In pages, each behind the one before: those that cannot be started keep nobody from their turn. */
async function* dueSubscriptions({ database }: Services, now: Date, pageSize: number) {
  const pageAfter = (last: AwaitingStart | null) =>
    database.read(SYSTEM_ACTOR.scope, (tx) => findSubscriptionsAwaitingStart(tx, now, last, pageSize));
  for (let page = await pageAfter(null); ; ) {
    for (const { startsAt: _, ...organization } of page) yield organization;
    const last = page.at(-1);
    if (last === undefined) return;
    page = await pageAfter(last);
  }
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
