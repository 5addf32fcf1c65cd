import { DomainError, type ErrorCode } from '../errors.ts';

/** The file as a whole cannot be read: nothing of it is imported. */
export class ImportFileError extends DomainError {
  /** Where it is broken; the header is row 1. Null: nowhere in particular. */
  readonly row: number | null;
  readonly column: string | null;

  constructor(row: number | null, column: string | null, message: string, code: ErrorCode = 'VALIDATION_FAILED') {
    super(code, row === null ? message : `Row ${row}: ${message}`, ['file']);
    this.row = row;
    this.column = column;
  }
}
