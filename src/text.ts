import { validationFailed } from './errors.ts';

/** Control characters, and the two that break a line besides. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * One line of text as a person typed it, without the blanks around it.
 * @param longest in UTF-16 code units
 * @throws DomainError `VALIDATION_FAILED` when it is blank, too long, or has control characters
 */
export function parseLine(field: string, given: string, longest: number): string {
  const line = given.trim();
  if (line === '') throw validationFailed(field, `${field} must not be blank.`);
  if (line.length > longest) throw validationFailed(field, `${field} must not be longer than ${longest} characters.`);
  if (CONTROL_CHARACTER.test(line) || !line.isWellFormed()) {
    throw validationFailed(field, `${field} must be one line of plain text.`);
  }
  return line;
}

/** A note may have several lines. @throws DomainError `VALIDATION_FAILED` */
export function parseNote(field: string, given: string): string {
  const note = given.trim();
  if (note.length > 2000) throw validationFailed(field, `${field} must not be longer than 2000 characters.`);
  if (CONTROL_CHARACTER.test(note.replaceAll(/[\n\r\t]/g, '')) || !note.isWellFormed()) {
    throw validationFailed(field, `${field} must be plain text.`);
  }
  return note;
}

/** The form in which names are compared, sorted and searched. */
export function fold(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
