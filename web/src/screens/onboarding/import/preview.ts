import { type CsvRow, readCsv } from './read-csv.ts';

export interface FilePreview {
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
  /** Past the header. */
  readonly rowCount: number;
}

const SHOWN = 100;
export const MOST_ROWS = 100_000;
export const LARGEST_BYTES = 50 * 1024 * 1024;

/**
 * The header and some rows: those with a number in `wanted`, otherwise the first ones.
 * @throws DOMException when the file cannot be read any more
 */
export async function previewOf(file: File, wanted: ReadonlySet<number> | null): Promise<FilePreview> {
  const text = await file.text();
  const rows: CsvRow[] = [];
  let header: readonly string[] | null = null;
  let rowCount = 0;
  for (const row of readCsv(text)) {
    if (header === null) {
      header = row.cells.map((cell) => cell.trim());
      continue;
    }
    if (row.cells.every((cell) => cell.trim() === '')) continue;
    rowCount++;
    if (rows.length < SHOWN && (wanted === null || wanted.has(row.row))) rows.push(row);
  }
  return { header: header ?? [], rows, rowCount };
}

/** All that a file may have. */
export const COLUMNS: readonly string[] = [
  'name',
  'externalId',
  'plan',
  'startsAt',
  'endsAt',
  'callThreshold',
  'thresholdPeriod',
];

/** A file that shows what is asked for. */
export function templateAddress(): string {
  const year = new Date().getUTCFullYear();
  const lines = [
    COLUMNS.join(','),
    `Harbour Clinic,N-1001,API Business,,${year + 1}-12-31,100000,DAY`,
    `"Mills, Sons & Co.",N-1002,API Basic,${year + 1}-01-01,${year + 2}-12-31,,`,
    'Old Mill Bakery,N-1003,,,,,',
  ];
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`${lines.join('\r\n')}\r\n`)}`;
}
