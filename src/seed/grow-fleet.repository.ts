import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { StaffMember } from '../identity/staff-member.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';

const countAll = statement<{ organizations: number }>(
  'seed.count_organizations',
  'select count(*)::int as organizations from organization',
);

export async function countOrganizations(tx: Tx): Promise<number> {
  return (await tx.row(countAll, [])).organizations;
}

const listProviders = statement<ServiceProvider>(
  'seed.list_providers',
  `select root_provider_id as "rootProviderId", id, parent_id as "parentId", path as "providerPath", name,
     base_url as "baseUrl", created_at as "createdAt", null as "organizationId"
   from service_provider order by created_at, id`,
);

export function findProviders(tx: Tx): Promise<ServiceProvider[]> {
  return tx.rows(listProviders, []);
}

const listStaff = statement<StaffMember>(
  'seed.list_staff',
  `select root_provider_id as "rootProviderId", id, provider_id as "providerId", provider_path as "providerPath",
     organization_id as "organizationId", username, display_name as "displayName", role,
     session_epoch as "sessionEpoch", deactivated_at as "deactivatedAt"
   from staff_member
   where deactivated_at is null and role in ('PLATFORM_ADMIN', 'PROVIDER_ADMIN', 'PROVIDER_SUPPORT')
   order by created_at, id`,
);

/** Those who act on organizations, the longest-serving first. */
export function findStaff(tx: Tx): Promise<StaffMember[]> {
  return tx.rows(listStaff, []);
}
