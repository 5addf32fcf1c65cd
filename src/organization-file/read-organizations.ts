import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { DomainError } from '../errors.ts';
import { DuplicateRows } from './duplicate-rows.ts';
import { ImportFileError } from './import-file-error.ts';
import { arrangeCells, MOST_ROWS, type ParsedRow, parseHeader, parseRow, type RowError } from './organization-row.ts';

/** One row of a file, past its header. */
export interface ReadRow {
  /** As a spreadsheet counts, where the header is row 1. */
  readonly row: number;
  /** In the order of `importColumns`. */
  readonly cells: readonly string[];
  readonly parsed: ParsedRow;
}

/** Far more than the longest row that is valid: a quote that is never closed does not pile up the rest of the file. */
const LARGEST_RECORD_BYTES = 64 * 1024;

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

/**
 * The rows of a CSV file (RFC 4180, UTF-8, with or without a byte order mark), each with what it says or with everything
 * that is wrong with it. Rows without any text are passed over. Holds one row at a time.
 * @throws ImportFileError where the file itself is broken: its header, its encoding, its quotes, its size
 */
export async function* readOrganizations(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadRow> {
  const utf8 = new Utf8Check();
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LARGEST_RECORD_BYTES,
  });
  const source = Readable.from(utf8.check(bytes));
  source.on('error', (error) => parser.destroy(error));
  try {
    yield* rowsOf(source.pipe(parser), utf8);
  } catch (error) {
    throw error instanceof CsvError ? broken(error) : error;
  } finally {
    source.destroy();
  }
}

async function* rowsOf(records: AsyncIterable<CsvRecord>, utf8: Utf8Check): AsyncGenerator<ReadRow> {
  const duplicates = new DuplicateRows();
  let header: ReturnType<typeof parseHeader> | null = null;
  let width = 0;
  let count = 0;
  for await (const { record, info } of records) {
    const row = info.records + info.empty_lines;
    utf8.refuse(row, record);
    if (header === null) {
      header = headerOf(row, record);
      width = record.length;
    } else if (record.some((cell) => cell.trim() !== '')) {
      if (++count > MOST_ROWS) {
        throw new ImportFileError(row, null, `A file has at most ${MOST_ROWS} organizations.`, 'TOO_MANY_TARGETS');
      }
      const cells = arrangeCells(record, header);
      const parsed = record.length === width ? parseRow(row, cells) : otherwiseWide(row, record.length, width);
      yield { row, cells, parsed: refuseDuplicate(parsed, duplicates) };
    }
  }
  utf8.refuse(null, null);
  if (count === 0) throw new ImportFileError(header === null ? 1 : 2, null, 'The file has no organizations.');
}

function headerOf(row: number, record: readonly string[]) {
  try {
    return parseHeader(record);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new ImportFileError(row, error.field?.[0] ?? null, error.message);
  }
}

function otherwiseWide(row: number, cells: number, width: number): ParsedRow {
  const message = `The row has ${cells} cells, the header ${width}. Quote cells that hold a comma.`;
  return { errors: [{ row, column: null, code: 'VALIDATION_FAILED', message }] };
}

function refuseDuplicate(parsed: ParsedRow, duplicates: DuplicateRows): ParsedRow {
  if (parsed.organization === undefined) return parsed;
  const [first, ...others]: RowError[] = duplicates.add(parsed.organization);
  return first === undefined ? parsed : { errors: [first, ...others] };
}

/** The parser's own messages quote what is in the file. */
function broken({ code, records, empty_lines: empty }: CsvError): ImportFileError {
  const row = typeof records === 'number' && typeof empty === 'number' ? records + empty + 1 : null;
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new ImportFileError(row, null, 'A quote is opened here and never closed.');
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return new ImportFileError(row, null, 'A quote stands inside a cell. Quote the whole cell and write "" for one.');
    case 'CSV_MAX_RECORD_SIZE':
      return new ImportFileError(row, null, 'The row is too long. Is a quote opened and never closed?');
    default:
      return new ImportFileError(row, null, 'This is no CSV.');
  }
}

/** What the parser puts where bytes are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** Looks at the bytes ahead of the parser, and names the row that they turn up in. */
class Utf8Check {
  #isBroken = false;
  /** It begins as UTF-16 does, which the parser would understand. */
  #isUtf16 = false;

  async *check(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const note = (decode: () => unknown) => {
      try {
        decode();
      } catch {
        this.#isBroken = true;
      }
    };
    let isFirst = true;
    for await (const chunk of bytes) {
      if (isFirst) this.#isUtf16 = chunk[0] === 0xff || chunk[0] === 0xfe;
      isFirst = false;
      if (!this.#isBroken) note(() => decoder.decode(chunk, { stream: true }));
      yield chunk;
    }
    if (!this.#isBroken) note(() => decoder.decode());
  }

  /** @param cells null at the end of the file. @throws ImportFileError */
  refuse(row: number | null, cells: readonly string[] | null): void {
    const isHere = this.#isUtf16 || (cells?.some((cell) => cell.includes(REPLACEMENT)) ?? true);
    if (!this.#isBroken || !isHere) return;
    throw new ImportFileError(row, null, 'The file is not in UTF-8. Save it as "CSV UTF-8".');
  }
}
