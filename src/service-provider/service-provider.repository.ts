import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { fold } from '../text.ts';
import { providerColumns } from './service-provider.sql.ts';
import type { ServiceProvider } from './service-provider.ts';

const find = statement<ServiceProvider>(
  'service_provider.find',
  `select ${providerColumns} from service_provider p where p.root_provider_id = $1 and p.id = $2`,
);

export function findServiceProvider(tx: Tx, ref: ServiceProviderRef): Promise<ServiceProvider | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.serviceProviderId]);
}

const lock = statement<ServiceProvider>(
  'service_provider.lock',
  `select ${providerColumns} from service_provider p where p.root_provider_id = $1 and p.id = $2 for no key update`,
);

/** Whoever sees no more of it than its face finds none to lock. */
export function lockServiceProvider(tx: Tx, { rootProviderId, id }: ServiceProvider): Promise<ServiceProvider | null> {
  return tx.rowOrNull(lock, [rootProviderId, id]);
}

const writeAbove = statement<never>(
  'service_provider.write_approval_above',
  'update service_provider set approval_above = $3 where root_provider_id = $1 and id = $2',
);

/** Of a locked one. */
export async function writeApprovalAbove(
  tx: Tx,
  { rootProviderId, id }: ServiceProvider,
  approvalAbove: number | null,
): Promise<void> {
  const written = await tx.count(writeAbove, [rootProviderId, id, approvalAbove]);
  if (written !== 1) throw new Error('a provider went away under its lock');
}

const writeOverlap = statement<never>(
  'service_provider.write_overlap_allowed',
  'update service_provider set overlap_allowed_minutes = $3 where root_provider_id = $1 and id = $2',
);

/** Of a locked one. */
export async function writeOverlapAllowed(
  tx: Tx,
  { rootProviderId, id }: ServiceProvider,
  minutes: number,
): Promise<void> {
  const written = await tx.count(writeOverlap, [rootProviderId, id, minutes]);
  if (written !== 1) throw new Error('a provider went away under its lock');
}

const findMany = statement<ServiceProvider>(
  'service_provider.find_many',
  `select ${providerColumns} from service_provider p
   join unnest($1::uuid[], $2::uuid[]) wanted (root_provider_id, id)
     on p.root_provider_id = wanted.root_provider_id and p.id = wanted.id`,
);

export function findServiceProviders(tx: Tx, refs: readonly ServiceProviderRef[]): Promise<ServiceProvider[]> {
  return tx.rows(findMany, [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.serviceProviderId)]);
}

const insert = statement<never>(
  'service_provider.insert',
  `insert into service_provider (root_provider_id, id, parent_id, path, name, name_folded, base_url, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** @throws pg.DatabaseError on a name that a sibling has: see `siblingNameIndex` */
export async function insertServiceProvider(tx: Tx, provider: ServiceProvider): Promise<void> {
  await tx.count(insert, [
    provider.rootProviderId,
    provider.id,
    provider.parentId,
    provider.providerPath,
    provider.name,
    fold(provider.name),
    provider.baseUrl,
    provider.createdAt,
  ]);
}

export const siblingNameIndex = 'service_provider_root_provider_id_parent_id_name_folded_key';
