import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { fleetConditions, refsSql } from '../fleet/fleet.sql.ts';
import type { ResolvedFilter } from '../fleet/fleet.ts';
import type { OrganizationId, RotationPolicyId, ServiceProviderRef } from '../ids.ts';
import { type RotationPolicy, slotTermsOf } from './rotation-policy.ts';

/** A group by filter may have so many members. */
const MOST_MEMBERS = 1_000_000;

/** What a group by filter has, and a policy for that group. */
export interface MembersByFilter {
  readonly policyId: RotationPolicyId;
  readonly organizationIds: readonly OrganizationId[];
}

/**
 * $2 to $10: the enabled policies `p` of the root $1; $11: now; $12: the provider below which it is settled; $13: how many at
 * most. The nearest policy holds: that of the organization, of a group, of the nearest provider; of two as near, the one with
 * the lower maximum age. Slots that somebody else holds at the moment are left for the next time.
 *
 * Each slot is put to the policies, which are few, one by one: no join depends on how many the planner expects.
 * @param isFound whether a group by filter has the organization
 */
const settleSql = (isFound: string) => `with p as materialized (
    select * from unnest($2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::uuid[], $7::int[], $8::int[], $9::int[], $10::int[])
      as p (id, version, provider_id, group_id, organization_id, after_days, lead_days, notice_days, gap_days)),
  moved as materialized (
    select k.organization_id, w.id, w.version, w.after_days, w.lead_days, w.notice_days, w.gap_days
    from api_key k left join lateral (
      select p.* from p
      where case when p.organization_id is not null then p.organization_id = k.organization_id
        when p.group_id is null then p.provider_id = any (k.provider_path)
        else ${isFound} or exists (select from organization_group_member m where m.root_provider_id = $1
          and m.group_id = p.group_id and m.organization_id = k.organization_id) end
      order by case when p.organization_id is not null then 2000 when p.group_id is not null then 1000
        else array_position(k.provider_path, p.provider_id) end desc, p.after_days, p.id
      limit 1) w on true
    where k.root_provider_id = $1 and k.kind = 'CLOUD_SERVICE' and $12 = any (k.provider_path)
      and (k.rotation_policy_id, k.rotation_policy_version) is distinct from (w.id, w.version)
    order by k.organization_id limit $13 for no key update of k skip locked)
  update api_key k set rotation_policy_id = m.id, rotation_policy_version = m.version,
    rotation_since = case when m.id is not null then $11::timestamptz end, rotation_after_days = m.after_days,
    rotation_lead_days = m.lead_days, rotation_notice_days = m.notice_days, rotation_gap_days = m.gap_days
  from moved m where k.root_provider_id = $1 and k.organization_id = m.organization_id and k.kind = 'CLOUD_SERVICE'`;

/**
 * Writes down for organizations below a provider which policy of its root holds for their keys.
 * @param tx has the scope of the platform, or of the root
 * @returns for how many that changed: when as many as `most`, there may be more
 */
export function settlePolicies(
  tx: Tx,
  { rootProviderId, serviceProviderId }: ServiceProviderRef,
  policies: readonly RotationPolicy[],
  members: readonly MembersByFilter[],
  { now, most }: { readonly now: Date; readonly most: number },
): Promise<number> {
  const terms = policies.map(slotTermsOf);
  const values: unknown[] = [
    rootProviderId,
    policies.map(({ id }) => id),
    policies.map(({ version }) => version),
    policies.map(({ providerId }) => providerId),
    policies.map(({ groupId }) => groupId),
    policies.map(({ ofOrganizationId }) => ofOrganizationId),
    terms.map(({ afterDays }) => afterDays),
    terms.map(({ leadDays }) => leadDays),
    terms.map(({ noticeDays }) => noticeDays),
    terms.map(({ gapDays }) => gapDays),
    ...[now, serviceProviderId, most],
  ];
  const add = (value: unknown) => `$${values.push(value)}`;
  const found = members.map(({ policyId, organizationIds }) => {
    return `(p.id = ${add(policyId)} and k.organization_id = any (${add(organizationIds)}::uuid[]))`;
  });
  const name = `rotation.settle_policies_${members.length}`;
  const settle = statement<never>(name, settleSql(['false', ...found].join(' or ')), { isReplanned: true });
  return tx.count(settle, values);
}

/** The organizations that a filter finds among all that are in the transaction's sight. */
export async function findOrganizationIds(tx: Tx, filter: ResolvedFilter, now: Date): Promise<OrganizationId[]> {
  const conditions = fleetConditions(PLATFORM_SCOPE, filter, now);
  const refs = refsSql(conditions, MOST_MEMBERS);
  const find = statement<{ id: OrganizationId }>(
    `rotation.members_${conditions.code}`,
    `select f.id from (${refs}) f`,
    {
      isReplanned: true,
    },
  );
  return (await tx.rows(find, conditions.values)).map(({ id }) => id);
}
