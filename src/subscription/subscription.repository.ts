import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, OrganizationRef, ServiceProviderId } from '../ids.ts';
import type { Organization } from '../organization/organization.ts';
import type { Subscription, SubscriptionView } from './subscription.ts';

/** An organization's current subscription as it is kept. */
export interface SubscriptionRow extends SubscriptionView, TenantRow {
  readonly organizationId: OrganizationId;
}

const columns = `s.root_provider_id as "rootProviderId", s.organization_id as "organizationId",
  s.provider_path as "providerPath", s.id, s.plan,
  s.starts_at as "startsAt", s.ends_at as "endsAt", s.call_threshold as "callThreshold",
  s.threshold_period as "thresholdPeriod", s.cancelled_at as "cancelledAt", s.previous_ended_at as "previousEndedAt", s.version`;

const findCurrent = statement<SubscriptionRow>(
  'subscription.find_current',
  `select ${columns} from subscription s
   where s.root_provider_id = $1 and s.organization_id = $2 and s.superseded_at is null`,
);

export function findCurrentSubscription(tx: Tx, ref: OrganizationRef): Promise<SubscriptionRow | null> {
  return tx.rowOrNull(findCurrent, [ref.rootProviderId, ref.organizationId]);
}

const findManyCurrent = statement<SubscriptionRow>(
  'subscription.find_many_current',
  `select ${columns} from subscription s
   join unnest($1::uuid[], $2::uuid[]) wanted (root_provider_id, organization_id)
     on s.root_provider_id = wanted.root_provider_id and s.organization_id = wanted.organization_id
   where s.superseded_at is null`,
);

export function findCurrentSubscriptions(tx: Tx, refs: readonly OrganizationRef[]): Promise<SubscriptionRow[]> {
  return tx.rows(findManyCurrent, [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.organizationId)]);
}

const findById = statement<SubscriptionRow>(
  'subscription.find',
  `select ${columns} from subscription s where s.root_provider_id = $1 and s.id = $2`,
);

export function findSubscription(
  tx: Tx,
  ref: { rootProviderId: ServiceProviderId; subscriptionId: string },
): Promise<SubscriptionRow | null> {
  return tx.rowOrNull(findById, [ref.rootProviderId, ref.subscriptionId]);
}

const supersede = statement<never>(
  'subscription.supersede',
  `update subscription set superseded_at = $3, version = version + 1
   where root_provider_id = $1 and organization_id = $2 and superseded_at is null`,
);

const insert = statement<never>(
  'subscription.insert',
  `insert into subscription (root_provider_id, id, organization_id, provider_path, plan, starts_at, ends_at,
     call_threshold, threshold_period, previous_ended_at, provisioned_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);

/** The new current subscription; the one before it becomes history. The organization is under lock. */
export async function replaceSubscription(
  tx: Tx,
  organization: Organization,
  subscription: Subscription,
  provisionedAt: Date | null,
  now: Date,
): Promise<void> {
  await tx.count(supersede, [organization.rootProviderId, organization.organizationId, now]);
  await tx.count(insert, [
    organization.rootProviderId,
    subscription.id,
    organization.organizationId,
    organization.providerPath,
    subscription.plan,
    subscription.startsAt,
    subscription.endsAt,
    subscription.callThreshold,
    subscription.thresholdPeriod,
    subscription.previousEndedAt,
    provisionedAt,
    now,
  ]);
}

const end = statement<never>(
  'subscription.set_end',
  `update subscription set ends_at = $3, cancelled_at = $4, version = version + 1
   where root_provider_id = $1 and id = $2 and version = $5`,
);

/** @param cancelledAt null for a renewal. @throws Error when it is no longer at the version that was read under lock */
export async function setSubscriptionEnd(
  tx: Tx,
  subscription: SubscriptionRow,
  endsAt: Date,
  cancelledAt: Date | null,
): Promise<void> {
  const { rootProviderId, id, version } = subscription;
  const written = await tx.count(end, [rootProviderId, id, endsAt, cancelledAt, version]);
  if (written !== 1) throw new Error('the subscription changed under the lock of its organization');
}

const renew = statement<never>(
  'subscription.renew_many',
  `update subscription s set ends_at = $4, cancelled_at = null, version = s.version + 1
   from unnest($1::uuid[], $2::uuid[], $3::int[]) w (root_provider_id, id, version)
   where s.root_provider_id = w.root_provider_id and s.id = w.id and s.version = w.version`,
);

/** All to the same end. @throws Error when one is no longer at the version that was read under lock */
export async function renewSubscriptions(
  tx: Tx,
  subscriptions: readonly SubscriptionRow[],
  endsAt: Date,
): Promise<void> {
  const roots = subscriptions.map(({ rootProviderId }) => rootProviderId);
  const [ids, versions] = [subscriptions.map(({ id }) => id), subscriptions.map(({ version }) => version)];
  const written = await tx.count(renew, [roots, ids, versions, endsAt]);
  if (written !== subscriptions.length) throw new Error('a subscription changed under the lock of its organization');
}

export interface AwaitingStart extends OrganizationRef {
  readonly startsAt: Date;
}

const findAwaitingStart = statement<AwaitingStart>(
  'subscription.find_awaiting_start',
  `select s.root_provider_id as "rootProviderId", s.organization_id as "organizationId", s.starts_at as "startsAt"
   from subscription s
   where s.provisioned_at is null and s.superseded_at is null and s.cancelled_at is null
     and s.starts_at <= $1 and s.ends_at > $1
     and ($2::timestamptz is null or (s.starts_at, s.root_provider_id, s.organization_id) > ($2, $3::uuid, $4::uuid))
   order by s.starts_at, s.root_provider_id, s.organization_id limit $5`,
);

/** @param after the last of the page before */
export function findSubscriptionsAwaitingStart(
  tx: Tx,
  now: Date,
  after: AwaitingStart | null,
  most: number,
): Promise<AwaitingStart[]> {
  const place = [after?.startsAt ?? null, after?.rootProviderId ?? null, after?.organizationId ?? null];
  return tx.rows(findAwaitingStart, [now, ...place, most]);
}

const start = statement<never>(
  'subscription.mark_started',
  `update subscription set provisioned_at = $3
   where root_provider_id = $1 and organization_id = $2 and superseded_at is null and provisioned_at is null
     and cancelled_at is null and starts_at <= $3 and ends_at > $3`,
);

/** False when another process was first, or when it was cancelled meanwhile. */
export async function markSubscriptionStarted(tx: Tx, ref: OrganizationRef, now: Date): Promise<boolean> {
  return (await tx.count(start, [ref.rootProviderId, ref.organizationId, now])) === 1;
}
