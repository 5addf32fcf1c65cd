import type { Tally } from '../bulk-operation/bulk-operation.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { BulkOperationRef, ServiceProviderId } from '../ids.ts';
import type { ImportRow } from './import-operation.ts';

const insert = statement<never>(
  'import.insert_rows',
  `insert into import_row (root_provider_id, operation_id, provider_path, position, row_number, organization_id, cells,
     outcome, errors)
   select $1, $2, $3, r.position, r.row_number, r.organization_id, array(select jsonb_array_elements_text(r.cells)),
     r.outcome, r.errors
   from unnest($4::int[], $5::int[], $6::uuid[], $7::jsonb[], $8::bulk_outcome[], $9::jsonb[])
     r (position, row_number, organization_id, cells, outcome, errors)`,
);

export async function insertImportRows(
  tx: Tx,
  ref: BulkOperationRef,
  providerPath: readonly ServiceProviderId[],
  rows: readonly ImportRow[],
): Promise<void> {
  await tx.count(insert, [
    ref.rootProviderId,
    ref.bulkOperationId,
    providerPath,
    rows.map(({ position }) => position),
    rows.map(({ row }) => row),
    rows.map(({ organizationId }) => organizationId),
    rows.map(({ cells }) => JSON.stringify(cells)),
    rows.map(({ outcome }) => outcome),
    rows.map(({ errors }) => (errors === null ? null : JSON.stringify(errors))),
  ]);
}

const findPage = statement<ImportRow>(
  'import.find_rows',
  `select r.position, r.row_number as "row", r.organization_id as "organizationId", r.cells, r.outcome, r.errors
   from import_row r where r.root_provider_id = $1 and r.operation_id = $2 and r.position > $3
   order by r.position limit $4`,
);

export function findImportRows(tx: Tx, ref: BulkOperationRef, after: number, most: number): Promise<ImportRow[]> {
  return tx.rows(findPage, [ref.rootProviderId, ref.bulkOperationId, after, most]);
}

const writeOutcomes = statement<never>(
  'import.write_outcomes',
  `update import_row r set outcome = w.outcome, errors = w.errors, organization_id = w.organization_id
   from unnest($3::int[], $4::bulk_outcome[], $5::jsonb[], $6::uuid[]) w (position, outcome, errors, organization_id)
   where r.root_provider_id = $1 and r.operation_id = $2 and r.position = w.position`,
);

/** What became of rows that nothing is done for. */
export async function writeRowOutcomes(
  tx: Tx,
  ref: BulkOperationRef,
  rows: readonly Pick<ImportRow, 'position' | 'outcome' | 'errors' | 'organizationId'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.count(writeOutcomes, [
    ref.rootProviderId,
    ref.bulkOperationId,
    rows.map(({ position }) => position),
    rows.map(({ outcome }) => outcome),
    rows.map(({ errors }) => (errors === null ? null : JSON.stringify(errors))),
    rows.map(({ organizationId }) => organizationId),
  ]);
}

const count = statement<Tally>(
  'import.count_outcomes',
  `select count(*) filter (where outcome is null)::int as changed,
     count(*) filter (where outcome = 'UNCHANGED')::int as unchanged,
     count(*) filter (where outcome = 'REFUSED')::int as refused
   from import_row where root_provider_id = $1 and operation_id = $2`,
);

/** How its rows end once all are gone through. */
export function countImportOutcomes(tx: Tx, ref: BulkOperationRef): Promise<Tally> {
  return tx.row(count, [ref.rootProviderId, ref.bulkOperationId]);
}
