import type { StatusName } from '../../components/status.ts';
import { plural } from '../../components/time.ts';
import type { Permission } from '../../session/viewer.ts';
import type { BulkOperationKind, BulkOutcome, OperationFragment } from './sync.graphql.ts';

interface KindWords {
  /** Of the list of operations. */
  readonly name: string;
  /** "Sync of 412 organizations". */
  readonly of: string;
  readonly permission: Permission;
}

export const kinds: Record<BulkOperationKind, KindWords> = {
  SYNC_API_KEY: { name: 'Sync key', of: 'Sync of', permission: 'apiKey:sync' },
  DISABLE_API_KEY: { name: 'Disable keys', of: 'Disabling the keys of', permission: 'apiKey:enable' },
  ENABLE_API_KEY: { name: 'Enable keys', of: 'Enabling the keys of', permission: 'apiKey:enable' },
  REGENERATE_API_KEY: { name: 'Regenerate keys', of: 'Regenerating the keys of', permission: 'apiKey:manage' },
  RENEW_SUBSCRIPTION: {
    name: 'Renew subscriptions',
    of: 'Renewing the subscriptions of',
    permission: 'subscription:manage',
  },
  IMPORT_ORGANIZATIONS: { name: 'Import organizations', of: 'Import of', permission: 'organization:manage' },
};

export function titleOf({ kind, total, dryRun }: OperationFragment): string {
  const title = `${kinds[kind].of} ${plural(total, 'organization')}`;
  return dryRun ? `Dry run: ${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

export function isFinished({ status }: Pick<OperationFragment, 'status'>): boolean {
  return status !== 'PLANNED' && status !== 'PENDING' && status !== 'RUNNING';
}

/** Its time has not come, and nobody has to agree any more. */
export function isPlanned({ status }: Pick<OperationFragment, 'status'>): boolean {
  return status === 'PLANNED';
}

/** Nobody has decided yet whether it may begin. */
export function isAwaitingApproval({ approval }: Pick<OperationFragment, 'approval'>): boolean {
  return approval?.status === 'PENDING';
}

export function statusOfOperation(operation: Pick<OperationFragment, 'status' | 'approval'>): StatusName {
  if (isAwaitingApproval(operation)) return 'needsApproval';
  switch (operation.status) {
    case 'PLANNED':
      return 'planned';
    case 'PENDING':
      return 'waiting';
    case 'RUNNING':
      return 'running';
    case 'SUCCEEDED':
      return 'done';
    case 'PARTIALLY_SUCCEEDED':
      return 'doneInPart';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
  }
}

export const statusOfOutcome: Record<BulkOutcome, StatusName> = {
  CHANGED: 'changed',
  UNCHANGED: 'unchanged',
  REFUSED: 'refused',
};

/** One refusal and nothing is changed. */
export function isVoid({ atomicity, refused }: Pick<OperationFragment, 'atomicity' | 'refused'>): boolean {
  return atomicity === 'ALL_OR_NOTHING' && refused > 0;
}
