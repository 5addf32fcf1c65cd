import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationRef, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { isProviderInSight } from '../service-provider/service-provider.sql.ts';
import { fold } from '../text.ts';
import { staffMemberColumns } from './staff-member.sql.ts';
import type { StaffMember } from './staff-member.ts';

/** Which people are wanted; what is null does not matter. */
export interface StaffFilter {
  /** Of this provider and its whole subtree, the people of its organizations among them. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly organization: OrganizationRef | null;
  /** Part of the user name or of the display name. */
  readonly search: string | null;
  readonly isActive: boolean | null;
}

/** The first line of isolation ($1 to $3), row-level security is the second; and the filter ($4 to $9). */
const isWanted = `($1::uuid is null or (m.root_provider_id = $1 and $2 = any (m.provider_path)))
  and ($3::uuid[] is null or m.organization_id = any ($3))
  and ($4::uuid is null or (m.root_provider_id = $4 and $5 = any (m.provider_path)
       and ${isProviderInSight('$4', '$5', '$2')}))
  and ($6::uuid is null or (m.root_provider_id = $6 and m.organization_id = $7))
  and ($8::text is null or position($8 in m.username_folded || ' ' || lower(m.display_name)) > 0)
  and ($9::boolean is null or (m.deactivated_at is null) = $9)`;

function valuesOf(scope: Scope, { serviceProvider, organization, search, isActive }: StaffFilter): unknown[] {
  return [
    ...sightOf(scope),
    serviceProvider?.rootProviderId ?? null,
    serviceProvider?.serviceProviderId ?? null,
    organization?.rootProviderId ?? null,
    organization?.organizationId ?? null,
    search === null ? null : fold(search),
    isActive,
  ];
}

const findPage = statement<StaffMember>(
  'staff_member.page',
  `select ${staffMemberColumns} from staff_member m
   where ${isWanted} and ($10::text is null or (m.username_folded, m.id) > ($10, $11::uuid))
   order by m.username_folded, m.id limit $12`,
);

/** One longer than asked for. */
export function findStaffPage(
  tx: Tx,
  scope: Scope,
  filter: StaffFilter,
  { first, after }: PageRequest,
): Promise<StaffMember[]> {
  return tx.rows(findPage, [...valuesOf(scope, filter), after?.value ?? null, after?.id ?? null, first + 1]);
}

const count = statement<{ count: number }>(
  'staff_member.count',
  `select count(*)::int as count from staff_member m where ${isWanted}`,
);

export async function countStaff(tx: Tx, scope: Scope, filter: StaffFilter): Promise<number> {
  return (await tx.row(count, valuesOf(scope, filter))).count;
}
