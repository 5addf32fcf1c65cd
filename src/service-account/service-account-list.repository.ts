import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { PageRequest } from '../page.ts';
import { isProviderInSight } from '../service-provider/service-provider.sql.ts';
import { serviceAccountColumns } from './service-account.sql.ts';
import type { ServiceAccount, ServiceAccountFilter } from './service-account.ts';

/** $1 to $3 are the first line of isolation; row-level security is the second. */
const matches = `($1::uuid is null or (a.root_provider_id = $1 and $2 = any (a.provider_path)))
     and ($3::uuid[] is null or a.organization_id = any ($3))
     and ($4::uuid is null or (a.root_provider_id = $4 and $5 = any (a.provider_path)
       and ${isProviderInSight('$4', '$5', '$2')}))
     and ($6::uuid is null or (a.root_provider_id = $6 and a.organization_id = $7))
     and ($8::boolean is null or (a.revoked_at is null) = $8)`;

function conditionsOf(scope: Scope, filter: ServiceAccountFilter): unknown[] {
  const { serviceProvider, organization, isActive } = filter;
  return [
    ...sightOf(scope),
    serviceProvider?.rootProviderId ?? null,
    serviceProvider?.serviceProviderId ?? null,
    organization?.rootProviderId ?? null,
    organization?.organizationId ?? null,
    isActive,
  ];
}

const findPage = statement<ServiceAccount>(
  'service_account.page',
  `select ${serviceAccountColumns} from service_account a
   where ${matches} and ($9::text is null or (a.name_folded, a.id) > ($9, $10::uuid))
   order by a.name_folded, a.id limit $11`,
);

/** By name, one longer than asked for. */
export function findServiceAccountPage(
  tx: Tx,
  scope: Scope,
  filter: ServiceAccountFilter,
  { first, after }: PageRequest,
): Promise<ServiceAccount[]> {
  return tx.rows(findPage, [...conditionsOf(scope, filter), after?.value ?? null, after?.id ?? null, first + 1]);
}

const count = statement<{ count: number }>(
  'service_account.count',
  `select count(*)::int as count from service_account a where ${matches}`,
);

export async function countServiceAccountRows(tx: Tx, scope: Scope, filter: ServiceAccountFilter): Promise<number> {
  return (await tx.row(count, conditionsOf(scope, filter))).count;
}
