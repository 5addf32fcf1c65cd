import { stringify } from 'csv-stringify/sync';

export const CSV_MEDIA_TYPE = 'text/csv; charset=utf-8; header=present';

/** What a spreadsheet may take for the beginning of a formula, or for a mark that hides one. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const MARKED_FORMULA = /^'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * Records by RFC 4180. A spreadsheet takes no cell for a formula: names and notes are what somebody typed. Such a cell
 * begins with an apostrophe, which `withoutMark` takes off again.
 */
export function toCsv(rows: readonly (readonly (string | null)[])[]): string {
  return stringify([...rows], { record_delimiter: 'windows', cast: { string: withMark } });
}

function withMark(text: string): string {
  return FORMULA.test(text) || MARKED_FORMULA.test(text) ? `'${text}` : text;
}

/** A cell as it was before it was written. */
export function withoutMark(cell: string): string {
  return MARKED_FORMULA.test(cell) ? cell.slice(1) : cell;
}
