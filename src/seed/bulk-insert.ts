import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** PostgreSQL types that are passed as arrays, one element a row. Arrays of arrays do not unnest: `uuid[]` goes as text. */
type ColumnType =
  | 'uuid'
  | 'uuid[]'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'bytea'
  | 'timestamptz'
  | 'api_key_kind'
  | 'threshold_period'
  | 'stored_disablement_source'
  | 'stored_disablement_reason';

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: (row: Row) => unknown;
}

type Insert<Row, Result> = (tx: Tx, rows: readonly Row[]) => Promise<Result>;

/** Inserts any number of rows by one statement. */
export function bulkInsert<Row>(table: string, columns: readonly Column<Row>[]): Insert<Row, void> {
  return insertWhole(`seed.insert_${table}`, insertSql(table, columns), columns);
}

/** The same for events, which wait from then on to be sealed, as those that are recorded one by one. */
export function bulkInsertEvents<Row>(columns: readonly Column<Row>[]): Insert<Row, void> {
  const text = `with event as (${insertSql('audit_event', columns)} returning root_provider_id, id)
    insert into audit_unsealed (root_provider_id, event_id) select root_provider_id, id from event`;
  return insertWhole('seed.insert_audit_event', text, columns);
}

function insertWhole<Row>(name: string, text: string, columns: readonly Column<Row>[]): Insert<Row, void> {
  const insert = statement<never>(name, text);
  return async (tx, rows) => {
    const inserted = await tx.count(insert, valuesOf(columns, rows));
    if (inserted !== rows.length) throw new Error(`${name}: ${inserted} rows of ${rows.length}`);
  };
}

/** Inserts them, but passes over rows that a unique index refuses. @returns the ids of the others */
export function bulkInsertNew<Row>(table: string, columns: readonly Column<Row>[]): Insert<Row, Set<string>> {
  const text = `${insertSql(table, columns)} on conflict do nothing returning id`;
  const insert = statement<{ id: string }>(`seed.insert_new_${table}`, text);
  return async (tx, rows) => {
    const inserted = await tx.rows(insert, valuesOf(columns, rows));
    return new Set(inserted.map(({ id }) => id));
  };
}

function insertSql<Row>(table: string, columns: readonly Column<Row>[]): string {
  const names = columns.map(({ name }) => name).join(', ');
  const parameters = columns.map(({ type }, index) => `$${index + 1}::${type === 'uuid[]' ? 'text' : type}[]`);
  const selected = columns.map(({ name, type }) => (type === 'uuid[]' ? `seeded.${name}::uuid[]` : `seeded.${name}`));
  return `insert into ${table} (${names})
    select ${selected.join(', ')} from unnest(${parameters.join(', ')}) as seeded (${names})`;
}

function valuesOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[][] {
  return columns.map(({ value }) => rows.map(value));
}

/** A uuid[] as text. */
export function uuidArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}
