import type { BulkOperationStatus, SyncAtomicity, Tally } from '../bulk-operation/bulk-operation.ts';
import type { KeptActor } from '../bulk-operation/bulk-operation-row.ts';
import type { BulkOperationId, OrganizationId, ServiceProviderId } from '../ids.ts';
import type { RowError } from './organization-row.ts';

/** An import as it is kept: a bulk operation whose items are the rows of a file. */
export interface ImportOperation extends Tally {
  readonly rootProviderId: ServiceProviderId;
  readonly id: BulkOperationId;
  readonly providerPath: readonly ServiceProviderId[];
  readonly atomicity: SyncAtomicity;
  readonly dryRun: boolean;
  readonly status: BulkOperationStatus;
  readonly serviceProviderId: ServiceProviderId;
  readonly total: number;
  /** Position of the last row that was gone through. */
  readonly doneThrough: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  readonly failure: string | null;
}

/** Who started it, and how: for running it later. */
export interface ImportOrigin {
  readonly actor: KeptActor;
  readonly requestId: string;
  readonly ipAddress: string | null;
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
