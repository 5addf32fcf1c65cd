import { type DomainError, validationFailed } from './errors.ts';
import { isInstant } from './instant.ts';

/** Which part of a list is wanted (CONTRACT.graphql: Relay connections). */
export interface PageRequest {
  readonly first: number;
  /** Position after which the page begins; null for the first page. */
  readonly after: Position | null;
}

/** Where an item stands in its order: the value it is sorted by, as text, and its id. */
export interface Position {
  readonly value: string;
  readonly id: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export const DEFAULT_PAGE_SIZE = 50;
export const LARGEST_PAGE_SIZE = 200;

/**
 * @param order names the list's order: a cursor of another order is refused
 * @throws DomainError `VALIDATION_FAILED`
 */
export function parsePage(
  first: number | null | undefined,
  after: string | null | undefined,
  order: string,
): PageRequest {
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (size < 0 || size > LARGEST_PAGE_SIZE) {
    throw validationFailed('first', `first must be between 0 and ${LARGEST_PAGE_SIZE}.`);
  }
  return { first: size, after: after == null ? null : decodeCursor(after, order) };
}

/** @param rows one more than the page holds, if there are that many */
export function toPage<Item>(rows: readonly Item[], request: PageRequest): Page<Item> {
  return {
    items: rows.slice(0, request.first),
    hasNextPage: rows.length > request.first,
    hasPreviousPage: request.after !== null,
  };
}

export function encodeCursor(order: string, position: Position): string {
  return Buffer.from(JSON.stringify([order, position.value, position.id])).toString('base64url');
}

/** Sorts after every instant, or before. */
const NEVER = /^-?infinity$/;

/** A position in an order by time holds an instant, or none. @throws DomainError `VALIDATION_FAILED` */
export function requireTimestamp(position: Position | null): void {
  if (position !== null && !NEVER.test(position.value)) instantOf(position);
}

/** As `toISOString` writes it. @throws DomainError `VALIDATION_FAILED` */
export function instantOf(position: Position): Date {
  const instant = new Date(position.value);
  if (!isInstant(instant) || instant.toISOString() !== position.value) throw invalidCursor();
  return instant;
}

export function invalidCursor(): DomainError {
  return validationFailed('after', 'This is no cursor of this list in this order. Start without one.');
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function decodeCursor(cursor: string, expectedOrder: string): Position {
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(decoded) || decoded.length !== 3) throw invalidCursor();
  const [order, value, id]: unknown[] = decoded;
  if (order !== expectedOrder || typeof value !== 'string' || typeof id !== 'string') throw invalidCursor();
  if (!UUID.test(id) || value.includes('\0')) throw invalidCursor();
  return { value, id };
}
