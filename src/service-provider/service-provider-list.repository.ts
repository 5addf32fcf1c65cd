import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { providerColumns } from './service-provider.sql.ts';
import type { ServiceProvider } from './service-provider.ts';

/** The first line of isolation ($1 to $3); row-level security is the second. */
const inSight = `($1::uuid is null or (p.root_provider_id = $1 and $2 = any (p.path) and (not $3 or p.id = $2)))`;

function sightOf(scope: Scope): [ServiceProviderId | null, ServiceProviderId | null, boolean] {
  if (scope.level === 'PLATFORM') return [null, null, false];
  if (scope.level === 'SIGN_IN' || scope.level === 'DIRECTORY') throw new Error('this scope lists no providers');
  return [scope.rootProviderId, scope.providerId, scope.level === 'ORGANIZATION'];
}

const findPage = statement<ServiceProvider>(
  'service_provider.page',
  `select ${providerColumns} from service_provider p
   where ${inSight} and ($4::text is null or (p.name_folded, p.id) > ($4, $5::uuid))
   order by p.name_folded, p.id limit $6`,
);

/** One longer than asked for. */
export function findProviderPage(tx: Tx, scope: Scope, { first, after }: PageRequest): Promise<ServiceProvider[]> {
  return tx.rows(findPage, [...sightOf(scope), after?.value ?? null, after?.id ?? null, first + 1]);
}

const count = statement<{ count: number }>(
  'service_provider.count',
  `select count(*)::int as count from service_provider p where ${inSight}`,
);

export async function countProviders(tx: Tx, scope: Scope): Promise<number> {
  return (await tx.row(count, sightOf(scope))).count;
}

const parents = 'unnest($1::uuid[], $2::uuid[]) parent (root_provider_id, id)';

function columnsOf(refs: readonly ServiceProviderRef[]): [unknown, unknown] {
  return [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.serviceProviderId)];
}

const findPagesUnder = statement<ServiceProvider>(
  'service_provider.pages_under',
  `select page.* from ${parents}
   cross join lateral (
     select ${providerColumns}, p.name_folded from service_provider p
     where p.root_provider_id = parent.root_provider_id and p.parent_id = parent.id
       and ($3::text is null or (p.name_folded, p.id) > ($3, $4::uuid))
     order by p.name_folded, p.id limit $5
   ) page
   order by page.name_folded, page.id`,
);

/** For each parent one longer than asked for. */
export function findProviderPagesUnder(
  tx: Tx,
  refs: readonly ServiceProviderRef[],
  { first, after }: PageRequest,
): Promise<ServiceProvider[]> {
  return tx.rows(findPagesUnder, [...columnsOf(refs), after?.value ?? null, after?.id ?? null, first + 1]);
}

interface CountUnder {
  readonly parentId: ServiceProviderId;
  readonly count: number;
}

const countUnder = statement<CountUnder>(
  'service_provider.count_under',
  `select p.parent_id as "parentId", count(*)::int as count
   from ${parents}
   join service_provider p on p.root_provider_id = parent.root_provider_id and p.parent_id = parent.id
   group by p.parent_id`,
);

export function countProvidersUnder(tx: Tx, refs: readonly ServiceProviderRef[]): Promise<CountUnder[]> {
  return tx.rows(countUnder, columnsOf(refs));
}
