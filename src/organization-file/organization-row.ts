import { withoutMark } from '../csv.ts';
import { DomainError, type ErrorCode, validationFailed } from '../errors.ts';
import { isInstant } from '../instant.ts';
import { LONGEST_EXTERNAL_ID, LONGEST_NAME } from '../organization/organization.ts';
import { LONGEST_PLAN, type ThresholdPeriod, thresholdPeriods } from '../subscription/subscription.ts';
import { parseLine } from '../text.ts';

/** The columns of a file of organizations, in the order in which they are kept and written. */
export const importColumns = [
  'name',
  'externalId',
  'plan',
  'startsAt',
  'endsAt',
  'callThreshold',
  'thresholdPeriod',
] as const;
export type ImportColumn = (typeof importColumns)[number];

/** Organizations in one file. */
export const MOST_ROWS = 100_000;

/** Something wrong with one row. The row is that of a spreadsheet: the header is row 1. */
export interface RowError {
  readonly row: number;
  /** Null: it is about the whole row. */
  readonly column: string | null;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface RowSubscription {
  readonly plan: string;
  /** Null: when it is imported. */
  readonly startsAt: Date | null;
  readonly endsAt: Date;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
}

/** What one row says; without a plan it says nothing of a subscription. */
export interface OrganizationRow {
  readonly row: number;
  readonly name: string;
  readonly externalId: string | null;
  readonly subscription: RowSubscription | null;
}

export type ParsedRow =
  | { readonly organization: OrganizationRow; readonly errors?: undefined }
  | { readonly organization?: undefined; readonly errors: readonly [RowError, ...RowError[]] };

/**
 * Where each column stands in the file; null: nowhere.
 * @throws DomainError `VALIDATION_FAILED`, whose field is the column: of a header with a column that is unknown, missing or there twice
 */
export function parseHeader(cells: readonly string[]): Readonly<Record<ImportColumn, number | null>> {
  const names = cells.map((cell) => cell.trim());
  const unknown = names.findIndex((name) => !importColumns.some((column) => column === name));
  if (unknown !== -1) {
    const message = `Column ${unknown + 1} is none of ${importColumns.join(', ')}. Row 1 names the columns, in these letters.`;
    throw new DomainError('VALIDATION_FAILED', message);
  }
  const twice = importColumns.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice !== undefined) throw validationFailed(twice, `The column ${twice} is there twice. Keep one.`);
  if (!names.includes('name')) throw validationFailed('name', 'The column name is missing. Row 1 names the columns.');
  const place = (column: ImportColumn) => (names.includes(column) ? names.indexOf(column) : null);
  return {
    name: place('name'),
    externalId: place('externalId'),
    plan: place('plan'),
    startsAt: place('startsAt'),
    endsAt: place('endsAt'),
    callThreshold: place('callThreshold'),
    thresholdPeriod: place('thresholdPeriod'),
  };
}

/** The cells of a record in the order of `importColumns`; '' for a column that the file does not have. */
export function arrangeCells(
  cells: readonly string[],
  header: Readonly<Record<ImportColumn, number | null>>,
): readonly string[] {
  return importColumns.map((column) => {
    const place = header[column];
    return place === null ? '' : withoutMark(cells[place] ?? '');
  });
}

/**
 * What a row says, or everything that is wrong with it but for what hangs on the clock and on other rows.
 * @param cells in the order of `importColumns`
 */
export function parseRow(row: number, cells: readonly string[]): ParsedRow {
  const errors: RowError[] = [];
  const cell = (column: ImportColumn) => cells[importColumns.indexOf(column)]?.trim() ?? '';
  const take = <Value>(column: ImportColumn, parse: (field: string, text: string) => Value): Value | null => {
    try {
      return parse(column, cell(column));
    } catch (error) {
      errors.push(rowErrorOf(row, error, column));
      return null;
    }
  };
  const optional = <Value>(column: ImportColumn, parse: (field: string, text: string) => Value): Value | null =>
    cell(column) === '' ? null : take(column, parse);

  const name = take('name', (field, text) => parseLine(field, text, LONGEST_NAME));
  const externalId = optional('externalId', (field, text) => parseLine(field, text, LONGEST_EXTERNAL_ID));
  const hasSubscription = subscriptionColumns.some((column) => cell(column) !== '');
  const subscription = hasSubscription
    ? {
        plan: take('plan', (field, text) => parseLine(field, text, LONGEST_PLAN)),
        startsAt: optional('startsAt', parseInstant),
        endsAt: take('endsAt', parseInstant),
        callThreshold: optional('callThreshold', parseThreshold),
        thresholdPeriod: optional('thresholdPeriod', parsePeriod),
      }
    : null;

  const [first, ...others] = errors;
  if (first !== undefined) return { errors: [first, ...others] };
  if (name === null) throw new Error('unreachable: a row without a name has an error');
  if (subscription === null) return { organization: { row, name, externalId, subscription } };
  const { plan, endsAt } = subscription;
  if (plan === null || endsAt === null) throw new Error('unreachable: a subscription without a part has an error');
  return { organization: { row, name, externalId, subscription: { ...subscription, plan, endsAt } } };
}

const subscriptionColumns = ['plan', 'startsAt', 'endsAt', 'callThreshold', 'thresholdPeriod'] as const;

/** A refusal by a rule, in the row that it is about. @param column where the rule names none. @throws what is no refusal */
export function rowErrorOf(row: number, error: unknown, column: string | null = null): RowError {
  if (!(error instanceof DomainError)) throw error;
  return { row, column: error.field?.[0] ?? column, code: error.code, message: error.message };
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/i;

/** RFC 3339, or a date alone, which is its first instant in UTC. @throws DomainError `VALIDATION_FAILED` */
export function parseInstant(field: string, text: string): Date {
  const instant = new Date(INSTANT.test(text) ? text.toUpperCase() : Number.NaN);
  if (isInstant(instant) && isDayThere(text)) return instant;
  throw validationFailed(field, `${field} must be a date such as 2026-11-21, or a time such as 2026-11-21T08:00:00Z.`);
}

/** February has no day 30, although `Date` knows one. */
function isDayThere(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const asked = new Date(0);
  asked.setUTCFullYear(year, month - 1, day);
  return asked.getUTCDate() === day && asked.getUTCMonth() === month - 1;
}

const LARGEST_INT = 2 ** 31 - 1;

function parseThreshold(field: string, text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= LARGEST_INT) return number;
  throw validationFailed(field, `${field} must be a whole number up to ${LARGEST_INT}.`);
}

function parsePeriod(field: string, text: string): ThresholdPeriod {
  const period = thresholdPeriods.find((known) => known === text);
  if (period !== undefined) return period;
  throw validationFailed(field, `${field} must be one of ${thresholdPeriods.join(', ')}.`);
}
