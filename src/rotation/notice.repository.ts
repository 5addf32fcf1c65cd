import type { ApiKeyKind } from '../api-key/api-key.ts';
import { dueAtSql } from '../api-key/key-age.sql.ts';
import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, RotationPolicyId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';

import type { RotationPolicy } from './rotation-policy.ts';

/** Which keys are to be told of: those that are due until then, so many days ahead. */
export interface NoticeAsk {
  readonly policy: RotationPolicy;
  readonly leadDays: number;
  readonly dueUntil: Date;
}

/** A key that nobody was told of so many days ahead. */
export interface NewNotice extends TenantRow {
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyKind;
  readonly version: number;
  readonly fingerprint: Fingerprint;
  readonly policyId: RotationPolicyId;
  readonly leadDays: number;
  readonly dueAt: Date;
}

const isTold = (slot: string, leadDays: string) => `exists (select from rotation_notice n
  where n.root_provider_id = ${slot}.root_provider_id and n.organization_id = ${slot}.organization_id and n.kind = ${slot}.kind
    and n.key_version = ${slot}.key_version and n.since = ${slot}.rotation_since and n.lead_days = ${leadDays})`;

/** @param due the slots, with `lead_days` and `due_at`; $7 is now */
const insertSql = (due: string) => `with asked as (
    select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::int[], $6::timestamptz[], $9::bool[])
      as asked (root_provider_id, policy_id, policy_version, after_days, lead_days, due_until, is_shared)),
  ${due},
  noted as (
    insert into rotation_notice (root_provider_id, organization_id, kind, key_version, since, lead_days, provider_path, at)
    select root_provider_id, organization_id, kind, key_version, rotation_since, lead_days, provider_path, $7 from due
    on conflict do nothing
    returning root_provider_id, organization_id, lead_days)
  select due.root_provider_id as "rootProviderId", due.organization_id as "organizationId",
    due.provider_path as "providerPath", due.kind, due.version, encode(due.fingerprint, 'hex') as fingerprint,
    due.rotation_policy_id as "policyId", due.lead_days as "leadDays", due.due_at as "dueAt"
  from due join noted using (root_provider_id, organization_id, lead_days)
  order by due.root_provider_id, due.organization_id, due.lead_days`;

const insertOwn = statement<NewNotice>(
  'rotation_notice.insert_due',
  insertSql(`due as (
    select k.*, asked.lead_days, case when asked.is_shared then min(${dueAtSql}) over (
      partition by k.root_provider_id, k.rotation_policy_id, k.fingerprint, asked.lead_days) else ${dueAtSql} end as due_at
    from asked join api_key k on k.root_provider_id = asked.root_provider_id and k.rotation_policy_id = asked.policy_id
      and k.rotation_policy_version = asked.policy_version
      and k.last_modified_at <= asked.due_until - asked.after_days * interval '24 hours'
    where k.fingerprint is not null and ${dueAtSql} <= asked.due_until and not ${isTold('k', 'asked.lead_days')}
    order by k.root_provider_id, k.organization_id, asked.lead_days limit $8)`),
);

/** Notes them, each once whoever else does. Needs the scope of the platform. By organization, the shortest lead first. */
export function insertDueNotices(tx: Tx, asks: readonly NoticeAsk[], now: Date, most: number): Promise<NewNotice[]> {
  return tx.rows(insertOwn, [...columnsOf(asks), now, most, sharedOf(asks)]);
}

const insertShared = statement<NewNotice>(
  'rotation_notice.insert_sharing',
  insertSql(`told as materialized (
    select k.root_provider_id, k.rotation_policy_id, k.fingerprint, asked.lead_days, min(${dueAtSql}) as due_at
    from asked join api_key k on k.root_provider_id = asked.root_provider_id and k.rotation_policy_id = asked.policy_id
      and k.rotation_policy_version = asked.policy_version
    where k.fingerprint is not null and ${isTold('k', 'asked.lead_days')}
    group by k.root_provider_id, k.rotation_policy_id, k.fingerprint, asked.lead_days),
  due as (
    select k.*, told.lead_days, told.due_at
    from told join api_key k on k.root_provider_id = told.root_provider_id and k.fingerprint = told.fingerprint
      and k.rotation_policy_id = told.rotation_policy_id and k.kind = 'CLOUD_SERVICE'
    where not ${isTold('k', 'told.lead_days')}
    order by k.root_provider_id, k.organization_id, told.lead_days limit $8)`),
);

/** The same of those that are to change over together with one that was told of. @param asks of policies for shared strings */
export function insertSharedNotices(tx: Tx, asks: readonly NoticeAsk[], now: Date, most: number): Promise<NewNotice[]> {
  return tx.rows(insertShared, [...columnsOf(asks), now, most, sharedOf(asks)]);
}

/** Those on one string are due with the first of them. */
function sharedOf(asks: readonly NoticeAsk[]): boolean[] {
  return asks.map(({ policy }) => policy.sharedString);
}

function columnsOf(asks: readonly NoticeAsk[]): unknown[] {
  return [
    asks.map(({ policy }) => policy.rootProviderId),
    asks.map(({ policy }) => policy.id),
    asks.map(({ policy }) => policy.version),
    asks.map(({ policy }) => policy.maximumAgeDays),
    asks.map(({ leadDays }) => leadDays),
    asks.map(({ dueUntil }) => dueUntil),
  ];
}

const forget = statement<never>(
  'rotation_notice.delete_past',
  `delete from rotation_notice n where n.at <= $1 and not exists (select from api_key k
     where k.root_provider_id = n.root_provider_id and k.organization_id = n.organization_id and k.kind = n.kind
       and k.key_version = n.key_version and k.rotation_since = n.since)`,
);

/** Of strings that are not held any more, or by policies that do not hold. Needs the scope of the platform. */
export async function deletePastNotices(tx: Tx, before: Date): Promise<void> {
  await tx.count(forget, [before]);
}
