import { validationFailed } from './errors.ts';

/** Control characters, and the two that break a line besides. */
const CONTROL_CHARACTER = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What is not seen itself: with it two names look alike, one looks like nothing, or is read backwards. */
const HIDDEN_CHARACTER = /[\p{Cf}\p{DI}\u2800]/v;
/** Where it belongs to how a word or an emoji is written. In the three scripts left out a joiner does nothing. */
const JOINED_LETTER = '[[\\p{L}\\p{M}]--[\\p{sc=Latin}\\p{sc=Greek}\\p{sc=Cyrillic}]]';
const PICTOGRAPH = '[\\p{ExtPict}\\p{Emoji_Modifier}]';
const SHAPING_CHARACTER = new RegExp(
  [
    `(?<=${JOINED_LETTER})[\\u200c\\u200d](?=${JOINED_LETTER})`,
    `(?<=[${PICTOGRAPH}\\ufe0f])\\u200d(?=\\p{ExtPict})`,
    `(?<=[${PICTOGRAPH}\\p{sc=Han}])\\p{VS}`,
  ].join('|'),
  'gv',
);

/**
 * One line of text as a person typed it, without the blanks around it.
 * @param longest in UTF-16 code units
 * @throws DomainError `VALIDATION_FAILED` when it is blank, too long, or has characters that control or are not seen
 */
export function parseLine(field: string, given: string, longest: number): string {
  const line = given.trim();
  if (line === '') throw validationFailed(field, `${field} must not be blank.`);
  if (line.length > longest) throw validationFailed(field, `${field} must not be longer than ${longest} characters.`);
  if (CONTROL_CHARACTER.test(line) || !line.isWellFormed()) {
    throw validationFailed(field, `${field} must be one line of plain text.`);
  }
  if (HIDDEN_CHARACTER.test(line.replaceAll(SHAPING_CHARACTER, ''))) {
    throw validationFailed(field, `${field} has characters that cannot be seen. Type it again, without pasting.`);
  }
  return line;
}

/** In UTF-16 code units, without the blanks around it. */
export const LONGEST_NOTE = 2000;

/** A note may have several lines. @throws DomainError `VALIDATION_FAILED` */
export function parseNote(field: string, given: string): string {
  const note = given.trim();
  if (note.length > LONGEST_NOTE) {
    throw validationFailed(field, `${field} must not be longer than ${LONGEST_NOTE} characters.`);
  }
  if (CONTROL_CHARACTER.test(note.replaceAll(/[\n\r\t]/g, '')) || !note.isWellFormed()) {
    throw validationFailed(field, `${field} must be plain text.`);
  }
  return note;
}

/** The form in which names are compared, sorted and searched. */
export function fold(text: string): string {
  return text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
