import { changedThrough } from '../bulk-operation/bulk-operation.ts';
import type { BulkOperation } from '../bulk-operation/bulk-operation-row.ts';
import { toCsv } from '../csv.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import type { ImportRow } from './import-operation.ts';

/** An import as clients are told of it. */
export function toImportView(operation: BulkOperation) {
  const { rootProviderId, id, status, atomicity, dryRun, total, changed, unchanged, refused, failure } = operation;
  return {
    operationId: encodeGlobalId('BulkOperation', rootProviderId, id),
    status,
    atomicity,
    dryRun,
    total,
    done: operation.doneThrough,
    changed,
    unchanged,
    refused,
    failure,
    createdAt: operation.createdAt.toISOString(),
    finishedAt: operation.finishedAt?.toISOString() ?? null,
  };
}

export type ImportView = ReturnType<typeof toImportView>;

export const reportHeader = toCsv([['row', 'outcome', 'organization.id', 'column', 'code', 'message']]);

/** A line for each row, or for each of the errors of a row. */
export function toReport(operation: BulkOperation, rows: readonly ImportRow[]): string {
  const known = changedThrough(operation);
  return toCsv(
    rows.flatMap((row) => {
      const outcome = row.outcome ?? (row.position <= known ? 'CHANGED' : null);
      const isThere = outcome === 'UNCHANGED' || (outcome === 'CHANGED' && !operation.dryRun);
      const id = isThere && row.organizationId !== null ? row.organizationId : null;
      const organization = id === null ? null : encodeGlobalId('Organization', operation.rootProviderId, id);
      const start = [String(row.row), outcome, organization];
      if (row.errors === null) return [[...start, null, null, null]];
      return row.errors.map(({ column, code, message }) => [...start, column, code, message]);
    }),
  );
}
