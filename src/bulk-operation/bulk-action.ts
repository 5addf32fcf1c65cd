import type { AuditAction } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import type { ItemDecision } from './bulk-operation.ts';
import type { BulkItem } from './bulk-operation-row.ts';

/** One organization of an operation, looked at and decided. */
export interface DecidedItem {
  readonly item: BulkItem;
  /** Null of what names nothing in sight. */
  readonly subject: TenantRow | null;
  readonly decision: ItemDecision;
}

/** Some organizations of an operation, decided together. */
export interface Batch {
  readonly decided: readonly DecidedItem[];
  /** Writes each that is `CHANGED`, and a row of it into its audit trail. */
  readonly write: () => Promise<void>;
}

/** What one kind of operation does to its organizations, many at a time, by the rules of its single command. */
export interface BulkAction {
  /** What the audit trail calls it, of each organization. */
  readonly auditAction: AuditAction;
  /** Locks the organizations in the items' order and decides for each as the single command would; `LOOK` locks none. */
  readonly decide: (tx: Tx, items: readonly BulkItem[], how: 'LOCK' | 'LOOK') => Promise<Batch>;
}
