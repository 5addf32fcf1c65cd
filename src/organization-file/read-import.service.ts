import { findBulkOperation } from '../bulk-operation/bulk-operation.repository.ts';
import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { authorize } from '../identity/authorize.ts';
import type { BulkOperationRef } from '../ids.ts';
import type { ImportRow } from './import-operation.ts';
import { findImportRows } from './import-row.repository.ts';

const PAGE = 1000;

/** @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export async function readImport(ctx: RequestContext, ref: BulkOperationRef | null): Promise<BulkOperation> {
  const { scope } = ctx.actor;
  const found = ref === null ? null : await ctx.database.read(scope, (tx) => findBulkOperation(tx, ref));
  const operation = found?.kind === 'IMPORT_ORGANIZATIONS' ? found : null;
  return authorize(ctx.actor, 'organization:manage', operation, 'operationId', inSight);
}

/** Its rows in their order, a page at a time: the next is read when it is asked for. */
export async function* readImportRows(
  ctx: RequestContext,
  { rootProviderId, id: bulkOperationId }: BulkOperation,
): AsyncGenerator<readonly ImportRow[], void, undefined> {
  const ref = { rootProviderId, bulkOperationId };
  for (let after = 0, rows: ImportRow[]; ; ) {
    rows = await ctx.database.read(ctx.actor.scope, (tx) => findImportRows(tx, ref, after, PAGE));
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.position;
  }
}
