import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { staffMemberColumns } from '../staff/staff-member.sql.ts';
import type { StaffMember } from '../staff/staff-member.ts';

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
  `select ${staffMemberColumns} from staff_member m
   where m.deactivated_at is null and m.role in ('PLATFORM_ADMIN', 'PROVIDER_ADMIN', 'PROVIDER_SUPPORT')
   order by m.created_at, m.id`,
);

/** Those who act on organizations, the longest-serving first. */
export function findStaff(tx: Tx): Promise<StaffMember[]> {
  return tx.rows(listStaff, []);
}
