import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, ServiceProviderId, SubscriptionId } from '../ids.ts';
import type { Subscription } from '../subscription/subscription.ts';
import { type LeadWindow, leadWindowsAt, type SubscriptionLead } from './subscription-lead.ts';

/** A subscription that somebody is to be told of. */
export interface NoticeRef {
  readonly rootProviderId: ServiceProviderId;
  readonly id: SubscriptionId;
}

export interface DueNotice extends NoticeRef, Subscription {
  readonly organizationId: OrganizationId;
  readonly providerPath: readonly ServiceProviderId[];
  readonly lead: SubscriptionLead;
}

/**
 * Subscriptions in force, or that have ended of themselves, whose nearest lead, or one nearer still, has not been told for
 * this end. What was shorter than a lead when it began is not told of by it.
 */
const due = `from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) w (lead, after, until)
   join subscription s on s.ends_at > w.after and s.ends_at <= w.until
   where s.superseded_at is null and s.cancelled_at is null
     and s.starts_at <= s.ends_at - w.lead * interval '24 hours'
     and not exists (
       select from subscription_notice n where n.root_provider_id = s.root_provider_id and n.subscription_id = s.id
         and n.ends_at = s.ends_at and n.lead_days <= w.lead)`;

const listRoots = statement<{ rootProviderId: ServiceProviderId }>(
  'subscription_notice.list_roots',
  `select distinct s.root_provider_id as "rootProviderId" ${due}`,
);

/** Roots where something is due. */
export async function findRootsWithDueNotices(tx: Tx, now: Date): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRoots, columnsOf(leadWindowsAt(now)))).map(({ rootProviderId }) => rootProviderId);
}

const findDue = statement<{ id: SubscriptionId }>(
  'subscription_notice.find_due',
  `select s.id ${due} and s.root_provider_id = $4 order by s.id limit $5`,
);

/** Of one root, at most so many. */
export async function findDueNotices(
  tx: Tx,
  now: Date,
  rootProviderId: ServiceProviderId,
  most: number,
): Promise<SubscriptionId[]> {
  const rows = await tx.rows(findDue, [...columnsOf(leadWindowsAt(now)), rootProviderId, most]);
  return rows.map(({ id }) => id);
}

const lockDue = statement<DueNotice>(
  'subscription_notice.lock_due',
  `select s.root_provider_id as "rootProviderId", s.id, s.organization_id as "organizationId",
     s.provider_path as "providerPath", s.plan, s.starts_at as "startsAt", s.ends_at as "endsAt",
     s.call_threshold as "callThreshold", s.threshold_period as "thresholdPeriod", s.cancelled_at as "cancelledAt",
     s.previous_ended_at as "previousEndedAt", s.version, w.lead
   ${due} and s.root_provider_id = $4 and s.id = any ($5::uuid[])
   order by s.id for update of s skip locked`,
);

/** Those of one root that are due still and that nobody else is changing or telling of. */
export function lockDueNotices(
  tx: Tx,
  now: Date,
  rootProviderId: ServiceProviderId,
  ids: readonly SubscriptionId[],
): Promise<DueNotice[]> {
  return tx.rows(lockDue, [...columnsOf(leadWindowsAt(now)), rootProviderId, ids]);
}

const insert = statement<NoticeRef>(
  'subscription_notice.insert',
  `insert into subscription_notice (root_provider_id, subscription_id, ends_at, lead_days, organization_id, provider_path, at)
   select s.root_provider_id, s.id, s.ends_at, w.lead, s.organization_id, s.provider_path, $4
   from unnest($2::uuid[], $3::int[]) w (id, lead)
   join subscription s on s.root_provider_id = $1 and s.id = w.id
   on conflict do nothing returning root_provider_id as "rootProviderId", subscription_id as id`,
);

/** Of locked subscriptions of one root. @returns those that were not told yet */
export function insertNotices(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  notices: readonly DueNotice[],
  now: Date,
): Promise<NoticeRef[]> {
  const [ids, leads] = [notices.map(({ id }) => id), notices.map(({ lead }) => lead)];
  return tx.rows(insert, [rootProviderId, ids, leads, now]);
}

function columnsOf(windows: readonly LeadWindow[]): unknown[] {
  return [windows.map(({ lead }) => lead), windows.map(({ after }) => after), windows.map(({ until }) => until)];
}
