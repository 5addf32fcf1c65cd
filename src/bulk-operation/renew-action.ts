import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { findOrganizations, lockOrganizations } from '../organization/organization.repository.ts';
import type { Organization } from '../organization/organization.ts';
import {
  findCurrentSubscriptions,
  renewSubscriptions,
  type SubscriptionRow,
} from '../subscription/subscription.repository.ts';
import { decideRenew, isRenewed, renewed } from '../subscription/subscription.ts';
import { subscriptionAuditState } from '../subscription/subscription-audit-state.ts';
import type { BulkAction, DecidedItem } from './bulk-action.ts';
import { decideItem, type ItemDecision, missingItem } from './bulk-operation.ts';
import type { BulkItem } from './bulk-operation-row.ts';

/** What `renewSubscription` does, many times. */
export function renewAction(ctx: RequestContext, endsAt: Date): BulkAction {
  const auditAction = 'subscription.renew';
  return {
    auditAction,
    async decide(tx, items, how) {
      const { organizations, subscriptions } = await subscriptionsOf(tx, items, how);
      const changed: SubscriptionRow[] = [];
      const decided = items.map((item): DecidedItem => {
        const subject = item.organizationId === null ? undefined : organizations.get(item.organizationId);
        if (subject === undefined) return { item, subject: null, decision: missingItem() };
        const decision = decideOne(subscriptions.get(subject.organizationId) ?? null);
        if (decision.outcome === 'CHANGED') changed.push(decision.change);
        return { item, subject, decision };
      });
      const write = async () => {
        if (changed.length === 0) return;
        await renewSubscriptions(tx, changed, endsAt);
        await recordAudits(tx, ctx, changed.map(auditEntryOf), null);
      };
      return { decided, write };
    },
  };

  function decideOne(current: SubscriptionRow | null): ItemDecision<SubscriptionRow> {
    if (isRenewed(current, endsAt)) return { outcome: 'UNCHANGED' };
    return decideItem(() => decideRenew(current, endsAt, ctx.now));
  }

  function auditEntryOf(subscription: SubscriptionRow) {
    const before = subscriptionAuditState(subscription, ctx.now);
    const after = subscriptionAuditState(renewed(subscription, endsAt), ctx.now);
    const target = subscription.organizationId;
    return { action: auditAction, subject: subscription, target, result: 'OK', before, after } as const;
  }
}

/** By organization. Read once the organizations are locked: so nobody else changes them. */
async function subscriptionsOf(tx: Tx, items: readonly BulkItem[], how: 'LOCK' | 'LOOK') {
  const refs = items.flatMap(({ rootProviderId, organizationId }) =>
    organizationId === null ? [] : [{ rootProviderId, organizationId }],
  );
  const [organizations, subscriptions] = await Promise.all([
    how === 'LOCK' ? lockOrganizations(tx, refs) : findOrganizations(tx, refs),
    findCurrentSubscriptions(tx, refs),
  ]);
  const organizationOf = ({ organizationId }: Organization | SubscriptionRow) => organizationId;
  return {
    organizations: new Map(organizations.map((organization) => [organizationOf(organization), organization])),
    subscriptions: new Map(subscriptions.map((subscription) => [organizationOf(subscription), subscription])),
  };
}
