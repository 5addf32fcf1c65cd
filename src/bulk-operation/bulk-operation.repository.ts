import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationRef, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import type { Sealed } from '../secrets/tenant-keys.ts';
import { isOperationInSight, operationColumns, operationsWhere, valuesOfProvider } from './bulk-operation.sql.ts';
import type { BulkOperationStatus, Tally } from './bulk-operation.ts';
import type { BulkOperation, KeptActor } from './bulk-operation-row.ts';

/** What a run needs besides: who acts, and with what string. */
export interface BulkRun {
  readonly operation: BulkOperation;
  readonly actor: KeptActor;
  readonly requestId: string;
  readonly ipAddress: string | null;
  /** The string of a sync; null once the operation has ended. */
  readonly sealed: Sealed | null;
}

const insert = statement<never>(
  'bulk_operation.insert',
  `insert into bulk_operation (root_provider_id, id, provider_path, organization_id, kind, atomicity, dry_run, status,
     input, actor, created_by_id, created_by_name, on_behalf_of, request_id, ip_address, ciphertext, data_key_version,
     total, created_at, approval, approval_expires_at, run_at, run_until, rotation_policy_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
);

/** As one that nothing was done of yet. */
export async function insertBulkOperation(tx: Tx, run: BulkRun): Promise<void> {
  const { operation, actor, sealed } = run;
  await tx.count(insert, [
    operation.rootProviderId,
    operation.id,
    operation.providerPath,
    operation.organizationId,
    operation.kind,
    operation.atomicity,
    operation.dryRun,
    operation.status,
    JSON.stringify(operation.command),
    JSON.stringify(actor),
    operation.createdById,
    operation.createdByName,
    operation.onBehalfOf,
    run.requestId,
    run.ipAddress,
    sealed?.ciphertext ?? null,
    sealed?.dataKeyVersion ?? null,
    operation.total,
    operation.createdAt,
    operation.approval,
    operation.approvalExpiresAt,
    operation.runAt,
    operation.runUntil,
    operation.rotationPolicyId,
  ]);
}

const find = statement<BulkOperation>(
  'bulk_operation.find',
  `select ${operationColumns} from bulk_operation b where b.root_provider_id = $1 and b.id = $2`,
);

export function findBulkOperation(tx: Tx, ref: BulkOperationRef): Promise<BulkOperation | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.bulkOperationId]);
}

const lock = statement<BulkOperation>(
  'bulk_operation.lock',
  `select ${operationColumns} from bulk_operation b where b.root_provider_id = $1 and b.id = $2 for update`,
);

export function lockBulkOperation(tx: Tx, ref: BulkOperationRef): Promise<BulkOperation | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.bulkOperationId]);
}

interface RunRow extends BulkOperation {
  readonly actor: KeptActor;
  readonly requestId: string;
  readonly ipAddress: string | null;
  readonly ciphertext: Buffer | null;
  readonly dataKeyVersion: number | null;
}

const findRun = statement<RunRow>(
  'bulk_operation.find_run',
  `select ${operationColumns}, b.actor, b.request_id as "requestId", b.ip_address as "ipAddress", b.ciphertext,
     b.data_key_version as "dataKeyVersion"
   from bulk_operation b where b.root_provider_id = $1 and b.id = $2`,
);

export async function findBulkRun(tx: Tx, ref: BulkOperationRef): Promise<BulkRun | null> {
  const row = await tx.rowOrNull(findRun, [ref.rootProviderId, ref.bulkOperationId]);
  if (row === null) return null;
  const { actor, requestId, ipAddress, ciphertext, dataKeyVersion, ...operation } = row;
  const sealed = ciphertext === null || dataKeyVersion === null ? null : { ciphertext, dataKeyVersion };
  return { operation, actor, requestId, ipAddress, sealed };
}

const writeStart = statement<never>(
  'bulk_operation.start',
  `update bulk_operation set status = 'RUNNING', started_at = coalesce(started_at, $3),
     done_through = case when atomicity = 'ALL_OR_NOTHING' or status = 'PENDING' then 0 else done_through end,
     changed = case status when 'PENDING' then 0 else changed end,
     unchanged = case status when 'PENDING' then 0 else unchanged end,
     refused = case status when 'PENDING' then 0 else refused end
   where root_provider_id = $1 and id = $2 and finished_at is null and (approval is null or approval = 'APPROVED')`,
);

/**
 * An all-or-nothing run that was cut off begins anew, and what a dry run told is forgotten.
 * @returns false when the operation has ended, or is not approved
 */
export async function writeStarted(tx: Tx, { rootProviderId, id }: BulkOperation, now: Date): Promise<boolean> {
  return (await tx.count(writeStart, [rootProviderId, id, now])) === 1;
}

/** How far an operation is. */
export interface Progress extends Tally {
  readonly doneThrough: number;
}

const writeDone = statement<never>(
  'bulk_operation.write_progress',
  `update bulk_operation set done_through = $3, changed = $4, unchanged = $5, refused = $6
   where root_provider_id = $1 and id = $2 and finished_at is null`,
);

/** @returns false when the operation has ended meanwhile */
export async function writeProgress(
  tx: Tx,
  { rootProviderId, id }: BulkOperation,
  { doneThrough, changed, unchanged, refused }: Progress,
): Promise<boolean> {
  return (await tx.count(writeDone, [rootProviderId, id, doneThrough, changed, unchanged, refused])) === 1;
}

/** How an operation ended. */
export interface End extends Progress {
  readonly status: BulkOperationStatus;
  readonly failure: string | null;
}

const writeEnded = statement<never>(
  'bulk_operation.finish',
  `update bulk_operation set status = $3::bulk_operation_status, done_through = $4, changed = $5, unchanged = $6, refused = $7, failure = $8,
     started_at = coalesce(started_at, $9), finished_at = $9, ciphertext = null, data_key_version = null,
     approval = case approval when 'PENDING' then 'WITHDRAWN' else approval end
   where root_provider_id = $1 and id = $2 and finished_at is null
     and ($3::bulk_operation_status = 'CANCELLED' or atomicity = 'PER_ORGANIZATION' or cancel_requested_at is null)`,
);

/**
 * Ends it, and forgets the string.
 * @returns false when it has ended already, or when what would be done all at once is to be cancelled
 */
export async function writeEnd(
  tx: Tx,
  { rootProviderId, id }: BulkOperation,
  { status, doneThrough, changed, unchanged, refused, failure }: End,
  now: Date,
): Promise<boolean> {
  const values = [rootProviderId, id, status, doneThrough, changed, unchanged, refused, failure, now];
  return (await tx.count(writeEnded, values)) === 1;
}

const requestCancel = statement<never>(
  'bulk_operation.request_cancel',
  `update bulk_operation set cancel_requested_at = coalesce(cancel_requested_at, $3)
   where root_provider_id = $1 and id = $2 and finished_at is null`,
);

/** Of a locked one. */
export async function writeCancelRequest(tx: Tx, { rootProviderId, id }: BulkOperation, now: Date): Promise<void> {
  const written = await tx.count(requestCancel, [rootProviderId, id, now]);
  if (written !== 1) throw new Error('an operation ended under its lock');
}

const tryLock = statement<{ taken: boolean }>(
  'bulk_operation.try_run_lock',
  `select pg_try_advisory_xact_lock(hashtextextended('bulk-operation|' || $1::text, 0)) as taken`,
);

/**
 * One run of an operation at a time, in whichever process: false when another transaction has it. No row is locked by
 * it, so that progress can be written and a cancellation asked for meanwhile.
 */
export async function tryRunLock(tx: Tx, ref: BulkOperationRef): Promise<boolean> {
  return (await tx.row(tryLock, [ref.bulkOperationId])).taken;
}

/** `PLANNED`: those whose time has not come, approved or not. */
export type Listed = 'ALL' | 'PLANNED';

const isListed: Record<Listed, string> = {
  ALL: isOperationInSight,
  PLANNED: `${isOperationInSight} and b.finished_at is null and b.status = 'PENDING' and b.run_at is not null`,
};
const pageOf = (which: Listed) => `${operationsWhere(isListed[which], operationColumns, ['$4', '$5', '$6'])}
   and ($7::timestamptz is null or (b.created_at, b.id) < ($7, $8::uuid))
   order by b.created_at desc, b.id desc limit $9`;
const pages = {
  ALL: statement<BulkOperation>('bulk_operation.page', pageOf('ALL')),
  PLANNED: statement<BulkOperation>('bulk_operation.page_planned', pageOf('PLANNED')),
};

/** One more than the page holds. The newest first. @param provider null: of all in sight */
export function findBulkOperationPage(
  tx: Tx,
  scope: Scope,
  which: Listed,
  provider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<BulkOperation[]> {
  const position = after === null ? [null, null] : [after.value, after.id];
  return tx.rows(pages[which], [...sightOf(scope), ...valuesOfProvider(scope, provider), ...position, first + 1]);
}

const countOf = (which: Listed) => operationsWhere(isListed[which], 'count(*)::int as count', ['$4', '$5', '$6']);
const counts = {
  ALL: statement<{ count: number }>('bulk_operation.count', countOf('ALL')),
  PLANNED: statement<{ count: number }>('bulk_operation.count_planned', countOf('PLANNED')),
};

export async function countBulkOperations(
  tx: Tx,
  scope: Scope,
  which: Listed,
  provider: ServiceProviderRef | null,
): Promise<number> {
  return (await tx.row(counts[which], [...sightOf(scope), ...valuesOfProvider(scope, provider)])).count;
}
