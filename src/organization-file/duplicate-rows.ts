import { hash } from 'node:crypto';
import { fold } from '../text.ts';
import type { OrganizationRow, RowError } from './organization-row.ts';

/** Remembers which names a file has had, in the same memory whatever their length. */
export class DuplicateRows {
  readonly #firstRows = new Map<string, number>();

  /** The errors of a row that names an organization which an earlier row names. */
  add({ row, name, externalId }: OrganizationRow): RowError[] {
    const errors = [this.#note(row, 'name', fold(name))];
    if (externalId !== null) errors.push(this.#note(row, 'externalId', externalId));
    return errors.filter((error) => error !== null);
  }

  #note(row: number, column: string, text: string): RowError | null {
    const key = hash('sha256', `${column}|${text}`, 'base64');
    const first = this.#firstRows.get(key);
    if (first === undefined) {
      this.#firstRows.set(key, row);
      return null;
    }
    const message = `Row ${first} has the same ${column}. Keep one of the two.`;
    return { row, column, code: 'DUPLICATE_NAME', message };
  }
}
