import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationRef, ServiceProviderId } from '../ids.ts';
import type { ImportEnd, ImportOrder } from './import-operation.ts';

const insert = statement<never>(
  'import.insert_operation',
  `insert into bulk_operation (root_provider_id, id, provider_path, kind, atomicity, dry_run, status, input, actor,
     created_by_id, created_by_name, on_behalf_of, request_id, ip_address, total, created_at)
   values ($1, $2, $3, 'IMPORT_ORGANIZATIONS', $4, $5, 'PENDING', $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);

export type NewImport = Pick<BulkOperation, 'id' | 'providerPath' | 'atomicity' | 'dryRun' | 'total' | 'createdAt'>;

/** As one that nothing was done of yet. */
export async function insertImportOperation(
  tx: Tx,
  { id, providerPath, atomicity, dryRun, total, createdAt }: NewImport,
  { rootProviderId, serviceProviderId, actor, requestId, ipAddress }: ImportOrder,
): Promise<void> {
  await tx.count(insert, [
    rootProviderId,
    id,
    providerPath,
    atomicity,
    dryRun,
    JSON.stringify({ serviceProviderId }),
    JSON.stringify(actor),
    actor.id,
    actor.displayName,
    actor.onBehalfOf,
    requestId,
    ipAddress,
    total,
    createdAt,
  ]);
}

const findOrder = statement<ImportOrder>(
  'import.find_order',
  `select b.root_provider_id as "rootProviderId", b.input->>'serviceProviderId' as "serviceProviderId", b.actor,
     b.request_id as "requestId", b.ip_address as "ipAddress"
   from bulk_operation b where b.root_provider_id = $1 and b.id = $2 and b.kind = 'IMPORT_ORGANIZATIONS'`,
);

/** Null of an operation that is no import. */
export function findImportOrder(tx: Tx, ref: BulkOperationRef): Promise<ImportOrder | null> {
  return tx.rowOrNull(findOrder, [ref.rootProviderId, ref.bulkOperationId]);
}

const writeEnd = statement<never>(
  'import.write_end',
  `update bulk_operation set status = $3, done_through = $4, changed = $5, unchanged = $6, refused = $7, failure = $8,
     started_at = coalesce(started_at, $9), finished_at = $9
   where root_provider_id = $1 and id = $2 and finished_at is null`,
);

/** @returns false when it has ended already */
export async function writeImportEnd(
  tx: Tx,
  { rootProviderId, id }: BulkOperation,
  { status, doneThrough, changed, unchanged, refused, failure }: ImportEnd,
  now: Date,
): Promise<boolean> {
  const values = [rootProviderId, id, status, doneThrough, changed, unchanged, refused, failure, now];
  return (await tx.count(writeEnd, values)) === 1;
}

const tryLockProvider = statement<{ taken: boolean }>(
  'import.try_provider_lock',
  `select pg_try_advisory_xact_lock(hashtextextended('import of organizations ' || $1::text, 0)) as taken`,
);

/**
 * One import at a time writes to a provider: two of the same names would wait for each other in a circle. Whatever else
 * is done at the provider does not ask for this lock. False when another transaction has it.
 */
export async function tryWriteLock(tx: Tx, serviceProviderId: ServiceProviderId): Promise<boolean> {
  return (await tx.row(tryLockProvider, [serviceProviderId])).taken;
}
