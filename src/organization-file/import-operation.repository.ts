import type { BulkOperationStatus, Tally } from '../bulk-operation/bulk-operation.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationRef, ServiceProviderId } from '../ids.ts';
import type { ImportOperation, ImportOrigin } from './import-operation.ts';

const columns = `b.root_provider_id as "rootProviderId", b.id, b.provider_path as "providerPath", b.atomicity,
  b.dry_run as "dryRun", b.status, b.input->>'serviceProviderId' as "serviceProviderId", b.total,
  b.done_through as "doneThrough", b.changed, b.unchanged, b.refused, b.created_at as "createdAt",
  b.started_at as "startedAt", b.finished_at as "finishedAt", b.cancel_requested_at as "cancelRequestedAt", b.failure`;
const isImport = `b.root_provider_id = $1 and b.id = $2 and b.kind = 'IMPORT_ORGANIZATIONS'`;

const insert = statement<never>(
  'import.insert_operation',
  `insert into bulk_operation (root_provider_id, id, provider_path, kind, atomicity, dry_run, status, input, actor,
     created_by_id, created_by_name, on_behalf_of, request_id, ip_address, total, created_at)
   values ($1, $2, $3, 'IMPORT_ORGANIZATIONS', $4, $5, 'PENDING', $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);

export async function insertImportOperation(
  tx: Tx,
  operation: Pick<
    ImportOperation,
    'rootProviderId' | 'id' | 'providerPath' | 'atomicity' | 'dryRun' | 'serviceProviderId' | 'total' | 'createdAt'
  >,
  { actor, requestId, ipAddress }: ImportOrigin,
): Promise<void> {
  const { rootProviderId, id, providerPath, atomicity, dryRun, serviceProviderId, total, createdAt } = operation;
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

const find = statement<ImportOperation>(
  'import.find_operation',
  `select ${columns} from bulk_operation b where ${isImport}`,
);

export function findImportOperation(tx: Tx, ref: BulkOperationRef): Promise<ImportOperation | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.bulkOperationId]);
}

const findOrigin = statement<ImportOrigin>(
  'import.find_origin',
  `select b.actor, b.request_id as "requestId", b.ip_address as "ipAddress" from bulk_operation b where ${isImport}`,
);

export function findImportOrigin(tx: Tx, ref: BulkOperationRef): Promise<ImportOrigin | null> {
  return tx.rowOrNull(findOrigin, [ref.rootProviderId, ref.bulkOperationId]);
}

const lock = statement<ImportOperation>(
  'import.lock_operation',
  `select ${columns} from bulk_operation b where ${isImport} for update`,
);

/** Whoever runs a part of it holds this lock meanwhile. */
export function lockImportOperation(tx: Tx, ref: BulkOperationRef): Promise<ImportOperation | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.bulkOperationId]);
}

const findDue = statement<BulkOperationRef>(
  'import.find_due',
  `select root_provider_id as "rootProviderId", id as "bulkOperationId" from bulk_operation
   where finished_at is null and kind = 'IMPORT_ORGANIZATIONS' and (total > $1 or created_at < $2)
   order by created_at limit $3`,
);

/** @param atOnce those of so many rows are run by whoever asked for them, unless that was before `leftBefore` */
export function findDueImports(tx: Tx, atOnce: number, leftBefore: Date, most: number): Promise<BulkOperationRef[]> {
  return tx.rows(findDue, [atOnce, leftBefore, most]);
}

const start = statement<never>(
  'import.mark_started',
  `update bulk_operation set status = 'RUNNING', started_at = $3
   where root_provider_id = $1 and id = $2 and status = 'PENDING'`,
);

export async function markImportStarted(tx: Tx, ref: BulkOperationRef, now: Date): Promise<void> {
  await tx.count(start, [ref.rootProviderId, ref.bulkOperationId, now]);
}

const progress = statement<never>(
  'import.note_progress',
  `update bulk_operation set done_through = $3, changed = $4, unchanged = $5, refused = $6
   where root_provider_id = $1 and id = $2 and finished_at is null`,
);

export async function noteImportProgress(tx: Tx, ref: BulkOperationRef, done: number, tally: Tally): Promise<void> {
  const { changed, unchanged, refused } = tally;
  await tx.count(progress, [ref.rootProviderId, ref.bulkOperationId, done, changed, unchanged, refused]);
}

const finish = statement<never>(
  'import.finish',
  `update bulk_operation set status = $3, failure = $4, finished_at = $5
   where root_provider_id = $1 and id = $2 and finished_at is null`,
);

/** False when somebody else has. */
export async function markImportFinished(
  tx: Tx,
  ref: BulkOperationRef,
  end: { readonly status: BulkOperationStatus; readonly failure: string | null; readonly at: Date },
): Promise<boolean> {
  return (await tx.count(finish, [ref.rootProviderId, ref.bulkOperationId, end.status, end.failure, end.at])) === 1;
}

const lockProvider = statement<unknown>(
  'import.lock_provider',
  `select pg_advisory_xact_lock(hashtextextended('import of organizations ' || $1::text, 0))`,
);

/** One import at a time writes to a provider: two of the same names would wait for each other in a circle. */
export async function serializeImports(tx: Tx, serviceProviderId: ServiceProviderId): Promise<void> {
  await tx.row(lockProvider, [serviceProviderId]);
}
