import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { ActorId, BulkOperationId, BulkOperationRef, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import type { Approval } from './approval.ts';
import {
  isItemInSight,
  isOperationInSight,
  operationColumns,
  operationsWhere,
  valuesOfProvider,
} from './bulk-operation.sql.ts';
import type { BulkOperationKind, Tally } from './bulk-operation.ts';
import type { BulkOperation } from './bulk-operation-row.ts';

const limits = statement<{ limit: number }>(
  'bulk_operation.approval_limits',
  `with asking as materialized (
     select root_provider_id, id, approval_above from service_provider where approval_above is not null),
   path as materialized (
     select distinct root_provider_id, provider_path from bulk_item where operation_id = $1 and exists (select from asking))
   select distinct a.approval_above as "limit" from asking a
   where exists (select from path where path.root_provider_id = a.root_provider_id and a.id = any (path.provider_path))`,
);

/**
 * Of the providers of an operation's organizations and of those above them, as far as they are in the transaction's sight.
 * Where nobody asks, the organizations are not gone through.
 */
export async function findApprovalLimits(tx: Tx, id: BulkOperationId): Promise<number[]> {
  return (await tx.rows(limits, [id])).map(({ limit }) => limit);
}

const itemsInSight = statement<{ count: number }>(
  'bulk_item.count_in_sight',
  `select count(*)::int as count from bulk_item b where ${isItemInSight} and b.operation_id = $4`,
);

/** How many of an operation's organizations are in sight; ids that name nothing count where the operation is. */
export async function countItemsInSight(tx: Tx, scope: Scope, { id }: BulkOperation): Promise<number> {
  return (await tx.row(itemsInSight, [...sightOf(scope), id])).count;
}

const writeLooked = statement<never>(
  'bulk_operation.write_dry_run',
  `update bulk_operation set done_through = total, changed = $3, unchanged = $4, refused = $5
   where root_provider_id = $1 and id = $2 and finished_at is null and status = 'PENDING'
     and (approval = 'PENDING' or run_at is not null)`,
);

/** What its dry run told. @returns false when it does not wait any more */
export async function writeDryRun(
  tx: Tx,
  { rootProviderId, id }: BulkOperation,
  { changed, unchanged, refused }: Tally,
): Promise<boolean> {
  return (await tx.count(writeLooked, [rootProviderId, id, changed, unchanged, refused])) === 1;
}

const forgetOutcomes = statement<never>(
  'bulk_item.forget_outcomes',
  `update bulk_item set outcome = null, code = null, message = null
   where operation_id = $1 and outcome is not null and given_id is null`,
);

/** Of its dry run, in every organization that is one. */
export async function forgetItemOutcomes(tx: Tx, { id }: BulkOperation): Promise<void> {
  await tx.count(forgetOutcomes, [id]);
}

const writeDecided = statement<never>(
  'bulk_operation.write_approval',
  `update bulk_operation set approval = $3, decided_at = $4, decided_by_id = $5, decided_by_name = $6, decision_note = $7,
     done_through = 0, changed = 0, unchanged = 0, refused = 0
   where root_provider_id = $1 and id = $2 and finished_at is null and approval = 'PENDING'`,
);

/** Of a locked one that waits: nothing of it is done from then on. */
export async function writeApproval(tx: Tx, { rootProviderId, id }: BulkOperation, approval: Approval): Promise<void> {
  const { decidedAt, decidedById, decidedByName, decisionNote } = approval;
  const decided = [approval.approval, decidedAt, decidedById, decidedByName, decisionNote];
  const written = await tx.count(writeDecided, [rootProviderId, id, ...decided]);
  if (written !== 1) throw new Error('an operation was decided under its lock');
}

const expired = statement<BulkOperationRef>(
  'bulk_operation.find_expired',
  `select root_provider_id as "rootProviderId", id as "bulkOperationId" from bulk_operation
   where finished_at is null and approval = 'PENDING' and approval_expires_at <= $1
   order by created_at`,
);

/** Those that nobody decided in time. */
export function findExpiredOperations(tx: Tx, now: Date): Promise<BulkOperationRef[]> {
  return tx.rows(expired, [now]);
}

/** Whose decision is asked for. */
export interface Decider {
  readonly id: ActorId | null;
  readonly kinds: readonly BulkOperationKind[];
  readonly now: Date;
}

const isAwaited = `${isOperationInSight} and b.finished_at is null and b.approval = 'PENDING'
  and b.approval_expires_at > $4 and b.kind = any ($5::bulk_operation_kind[]) and b.created_by_id is distinct from $6`;

const awaitingPage = statement<BulkOperation>(
  'bulk_operation.page_awaiting',
  `${operationsWhere(isAwaited, operationColumns, ['$7', '$8', '$9'])}
   and ($10::timestamptz is null or (b.created_at, b.id) < ($10, $11::uuid))
   order by b.created_at desc, b.id desc limit $12`,
);

/** One more than the page holds. The newest first. @param provider null: of all in sight */
export function findAwaitingPage(
  tx: Tx,
  scope: Scope,
  { id, kinds, now }: Decider,
  provider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<BulkOperation[]> {
  const asked = [...sightOf(scope), now, kinds, id, ...valuesOfProvider(scope, provider)];
  return tx.rows(awaitingPage, [...asked, after?.value ?? null, after?.id ?? null, first + 1]);
}

const awaitingCount = statement<{ count: number }>(
  'bulk_operation.count_awaiting',
  operationsWhere(isAwaited, 'count(*)::int as count', ['$7', '$8', '$9']),
);

export async function countAwaiting(
  tx: Tx,
  scope: Scope,
  { id, kinds, now }: Decider,
  provider: ServiceProviderRef | null,
): Promise<number> {
  return (await tx.row(awaitingCount, [...sightOf(scope), now, kinds, id, ...valuesOfProvider(scope, provider)])).count;
}
