import { provisionKey } from '../api-key/provision-key.ts';
import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import { newId, type OrganizationRef, type ServiceProviderId } from '../ids.ts';
import { findOrganization, lockOrganization } from '../organization/organization.repository.ts';
import type { Organization } from '../organization/organization.ts';
import { parseLine } from '../text.ts';
import {
  findCurrentSubscription,
  findSubscription,
  replaceSubscription,
  type SubscriptionRow,
  setSubscriptionEnd,
} from './subscription.repository.ts';
import {
  decideApply,
  decideCancel,
  decideRenew,
  LONGEST_PLAN,
  renewed,
  type Subscription,
  type SubscriptionOffer,
  type SubscriptionView,
  subscriptionStatus,
} from './subscription.ts';
import { subscriptionAuditState } from './subscription-audit-state.ts';

interface SubscriptionInput {
  /** Null: an id that names nothing. */
  readonly organization: OrganizationRef | null;
  readonly idempotencyKey: string | null;
}

export interface ApplySubscription extends SubscriptionInput, Omit<SubscriptionOffer, 'startsAt'> {
  readonly plan: string;
  /** Null: now. */
  readonly startsAt: Date | null;
}

/**
 * Gives the organization a subscription and, once it has started, a key.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `SUBSCRIPTION_EXISTS`, `VALIDATION_FAILED`
 */
export function applySubscription(ctx: RequestContext, input: ApplySubscription): Promise<OrganizationRef> {
  return runSubscriptionCommand(ctx, 'subscription.apply', input, null, async (tx, organization, current) => {
    const { callThreshold, thresholdPeriod, endsAt } = input;
    const offer = { startsAt: input.startsAt ?? ctx.now, endsAt, callThreshold, thresholdPeriod };
    decideApply(current, offer, ctx.now);
    const subscription: Subscription = {
      ...offer,
      id: newId<'Subscription'>(),
      plan: parseLine('plan', input.plan, LONGEST_PLAN),
      cancelledAt: null,
      previousEndedAt: current?.endsAt ?? null,
      version: 1,
    };
    const isStarted = subscriptionStatus(subscription, ctx.now) === 'ACTIVE';
    await replaceSubscription(tx, organization, subscription, isStarted ? ctx.now : null, ctx.now);
    if (isStarted) await provisionKey(ctx, tx, organization);
    return subscription;
  });
}

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `SUBSCRIPTION_REQUIRED`, `VALIDATION_FAILED`, `VERSION_CONFLICT` */
export function renewSubscription(
  ctx: RequestContext,
  input: SubscriptionInput & { readonly endsAt: Date; readonly expectedVersion: number | null },
): Promise<OrganizationRef> {
  const { expectedVersion, endsAt } = input;
  return runSubscriptionCommand(ctx, 'subscription.renew', input, expectedVersion, async (tx, _, current) => {
    const subscription = decideRenew(current, endsAt, ctx.now);
    await setSubscriptionEnd(tx, subscription, endsAt, null);
    return renewed(subscription, endsAt);
  });
}

/** Ends it now; the key is kept, disabled. @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `SUBSCRIPTION_REQUIRED`, `SUBSCRIPTION_EXPIRED`, `VERSION_CONFLICT` */
export function cancelSubscription(
  ctx: RequestContext,
  input: SubscriptionInput & { readonly expectedVersion: number | null },
): Promise<OrganizationRef> {
  const { expectedVersion } = input;
  return runSubscriptionCommand(ctx, 'subscription.cancel', input, expectedVersion, async (tx, _, current) => {
    const cancelled = decideCancel(current, ctx.now);
    await setSubscriptionEnd(tx, cancelled, ctx.now, ctx.now);
    return { ...cancelled, endsAt: ctx.now, cancelledAt: ctx.now };
  });
}

/** Any subscription, also one of the past. Null when it does not exist or is out of sight. */
export async function lookUpSubscription(
  ctx: RequestContext,
  ref: { readonly rootProviderId: ServiceProviderId; readonly subscriptionId: string },
): Promise<SubscriptionView | null> {
  const { scope } = ctx.actor;
  const row = await ctx.database.read(scope, (tx) => findSubscription(tx, ref));
  return row !== null && inSight(scope, row) ? row : null;
}

async function runSubscriptionCommand(
  ctx: RequestContext,
  action: AuditAction,
  input: SubscriptionInput,
  expectedVersion: number | null,
  change: (tx: Tx, organization: Organization, current: SubscriptionRow | null) => Promise<Subscription>,
): Promise<OrganizationRef> {
  const { organization: ref, idempotencyKey } = input;
  const command = {
    action,
    input: { ...input },
    idempotencyKey,
    target: ref?.organizationId ?? null,
    locate: async (tx: Tx) => (ref === null ? null : findOrganization(tx, ref)),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const locked = ref === null ? null : await lockOrganization(tx, ref);
    const organization = authorize(ctx.actor, 'subscription:manage', locked, 'organizationId');
    const current = await findCurrentSubscription(tx, organization);
    refuseMovedVersion(current, expectedVersion);
    const changed = await change(tx, organization, current);
    await recordAudit(tx, ctx, {
      action,
      subject: organization,
      target: organization.organizationId,
      result: 'OK',
      before: current === null ? null : subscriptionAuditState(current, ctx.now),
      after: subscriptionAuditState(changed, ctx.now),
      note: null,
    });
    return { rootProviderId: organization.rootProviderId, organizationId: organization.organizationId };
  });
  return answer;
}

function refuseMovedVersion(current: SubscriptionRow | null, expectedVersion: number | null): void {
  if (current === null || expectedVersion === null || expectedVersion === current.version) return;
  throw new DomainError(
    'VERSION_CONFLICT',
    `The subscription was changed meanwhile: it is at version ${current.version}. Look at it again before you go on.`,
    ['expectedVersion'],
  );
}
