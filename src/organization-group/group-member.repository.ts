import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, ServiceProviderRef } from '../ids.ts';
import type { OrganizationGroup } from './organization-group.ts';

const countUnder = statement<{ count: number }>(
  'organization_group.count_candidates',
  `select count(*)::int as count from organization o
   where o.root_provider_id = $1 and $2 = any (o.provider_path) and o.id = any ($3::uuid[])`,
);

/** How many of these the provider and its subtree have. */
export async function countOrganizationsUnder(
  tx: Tx,
  { rootProviderId, serviceProviderId }: ServiceProviderRef,
  ids: readonly OrganizationId[],
): Promise<number> {
  return (await tx.row(countUnder, [rootProviderId, serviceProviderId, ids])).count;
}

const countAll = statement<{ count: number }>(
  'organization_group.count_members',
  `select count(*)::int as count from organization_group_member m where m.root_provider_id = $1 and m.group_id = $2`,
);

export async function countMembers(tx: Tx, { rootProviderId, id }: OrganizationGroup): Promise<number> {
  return (await tx.row(countAll, [rootProviderId, id])).count;
}

const insert = statement<never>(
  'organization_group.insert_members',
  `insert into organization_group_member (root_provider_id, group_id, organization_id, provider_path)
   select $1, $2, unnest($4::uuid[]), $3 on conflict do nothing`,
);

/** Whoever is in the group already stays. @returns how many were not */
export function insertMembers(
  tx: Tx,
  { rootProviderId, id, providerPath }: OrganizationGroup,
  organizationIds: readonly OrganizationId[],
): Promise<number> {
  return tx.count(insert, [rootProviderId, id, providerPath, organizationIds]);
}

const remove = statement<never>(
  'organization_group.delete_members',
  `delete from organization_group_member
   where root_provider_id = $1 and group_id = $2 and organization_id = any ($3::uuid[])`,
);

/** @returns how many were in the group */
export function deleteMembers(
  tx: Tx,
  { rootProviderId, id }: OrganizationGroup,
  organizationIds: readonly OrganizationId[],
): Promise<number> {
  return tx.count(remove, [rootProviderId, id, organizationIds]);
}
