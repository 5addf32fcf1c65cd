import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationRef } from '../ids.ts';
import type { BulkOperationKind } from './bulk-operation.ts';

const due = statement<BulkOperationRef>(
  'bulk_operation.find_waiting',
  `with due as (
     select root_provider_id, id, created_at, row_number() over (partition by root_provider_id order by created_at, id) as nth
     from bulk_operation
     where finished_at is null and kind = any ($1::bulk_operation_kind[])
       and (((approval is null or approval = 'APPROVED') and (run_at is null or run_at <= $2 or cancel_requested_at is not null))
         or ((approval = 'PENDING' or run_at is not null) and status = 'PENDING' and done_through < total))),
   waiting as materialized (select root_provider_id, id, nth, created_at from due order by nth, created_at limit 100)
   select root_provider_id as "rootProviderId", id as "bulkOperationId" from waiting
   where pg_try_advisory_xact_lock(hashtextextended('bulk-operation|' || id::text, 0))
   order by nth, created_at`,
);

/**
 * Those that are to be run and that nobody is running now: new ones, and those whose process ended. Of what waits for
 * approval, or for its time, it is the dry run. The oldest of each tenant come first, then the second ones: whoever has many
 * waits behind whoever has few.
 */
export function findWaitingOperations(
  tx: Tx,
  kinds: readonly BulkOperationKind[],
  now: Date,
): Promise<BulkOperationRef[]> {
  return tx.rows(due, [kinds, now]);
}

const unfinishedLarge = statement<{ count: number }>(
  'bulk_operation.count_unfinished',
  `select count(*)::int as count from bulk_operation
   where root_provider_id = $1 and provider_path = $2 and finished_at is null and total > $3`,
);

/** Of one provider, planned ones too. @param total of more organizations than that */
export async function countUnfinished(
  tx: Tx,
  { rootProviderId, providerPath }: Pick<TenantRow, 'rootProviderId' | 'providerPath'>,
  total: number,
): Promise<number> {
  return (await tx.row(unfinishedLarge, [rootProviderId, providerPath, total])).count;
}
