import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationId } from '../ids.ts';

const strictest = statement<{ minutes: number | null }>(
  'rotation.find_overlap_allowed',
  `select min(p.overlap_allowed_minutes) as minutes from service_provider p
   join (select distinct root_provider_id, provider_path[cardinality(provider_path)] as id from bulk_item
     where operation_id = $1 and given_id is null) own
     on p.root_provider_id = own.root_provider_id and p.id = own.id`,
);

/** The least that a provider allows which one of an operation's organizations belongs to, in minutes. */
export async function findOverlapAllowed(tx: Tx, operation: BulkOperationId): Promise<number> {
  return (await tx.row(strictest, [operation])).minutes ?? 0;
}
