import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError, notFound, validationFailed } from '../errors.ts';
import type { BulkOperationRef } from '../ids.ts';
import { countSameItems } from './bulk-item.repository.ts';
import { findBulkOperation } from './bulk-operation.repository.ts';
import { type BulkOperation, seesOperation } from './bulk-operation-row.ts';

const FIELD = 'dryRunId';

/**
 * What runs is what somebody has looked at: the same organizations as those of a dry run, none added, none missing.
 * @throws DomainError `NOT_FOUND`, `VALIDATION_FAILED` of an operation that is no dry run, `VERSION_CONFLICT`
 */
export async function refuseOtherThanChecked(
  ctx: RequestContext,
  tx: Tx,
  { id, total }: Pick<BulkOperation, 'id' | 'total'>,
  checkedBy: BulkOperationRef | 'UNKNOWN',
): Promise<void> {
  const checked = checkedBy === 'UNKNOWN' ? null : await findBulkOperation(tx, checkedBy);
  if (checked === null || !seesOperation(ctx.actor, checked)) throw notFound(FIELD);
  if (!checked.dryRun)
    throw validationFailed(FIELD, 'This operation was no dry run. Give the id of one, or leave it out.');
  const isSame = checked.total === total && (await countSameItems(tx, id, checked.id)) === total;
  if (!isSame) {
    throw new DomainError(
      'VERSION_CONFLICT',
      'These are other organizations than the dry run had. Look at what would be done now, and send it again.',
      [FIELD],
    );
  }
}
