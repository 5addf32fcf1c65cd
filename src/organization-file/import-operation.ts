import type { Tally } from '../bulk-operation/bulk-operation.ts';
import type { BulkOperation, KeptActor } from '../bulk-operation/bulk-operation-row.ts';
import type { OrganizationId, ServiceProviderId } from '../ids.ts';
import type { RowError } from './organization-row.ts';

/** Whose import it is, and where to: an import is a bulk operation whose items are the rows of a file. */
export interface ImportOrder {
  readonly rootProviderId: ServiceProviderId;
  readonly serviceProviderId: ServiceProviderId;
  readonly actor: KeptActor;
  readonly requestId: string;
  readonly ipAddress: string | null;
}

/** How an import ended. */
export type ImportEnd = Pick<BulkOperation, 'status' | 'doneThrough' | 'failure' | keyof Tally>;

/** Whether all its rows have been dealt with, and that is committed: from then on it can only be finished. */
export function isSettled({ total, changed, unchanged, refused }: BulkOperation): boolean {
  return changed + unchanged + refused === total;
}

/** A row of a file that is imported, as it is kept. */
export interface ImportRow {
  /** Counts from 1. */
  readonly position: number;
  readonly row: number;
  /** That of the organization: of a new one the id that it will have. Null of a row that is refused. */
  readonly organizationId: OrganizationId | null;
  /** In the order of `importColumns`. Empty of a row that was refused before it was kept. */
  readonly cells: readonly string[];
  /** Null: none is kept. A row that was gone through without one was changed. */
  readonly outcome: 'UNCHANGED' | 'REFUSED' | null;
  readonly errors: readonly RowError[] | null;
}
