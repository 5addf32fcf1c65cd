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

/** Of a dry run that has ended: how the run would end. */
export function statusOfOperation(operation: Pick<OperationFragment, 'status' | 'approval' | 'dryRun'>): StatusName {
  const { dryRun } = operation;
  if (isAwaitingApproval(operation)) return 'needsApproval';
  switch (operation.status) {
    case 'PLANNED':
      return 'planned';
    case 'PENDING':
      return 'waiting';
    case 'RUNNING':
      return 'running';
    case 'SUCCEEDED':
      return dryRun ? 'wouldSucceed' : 'done';
    case 'PARTIALLY_SUCCEEDED':
      return dryRun ? 'wouldSucceedInPart' : 'doneInPart';
    case 'FAILED':
      return dryRun ? 'wouldFail' : 'failed';
    case 'CANCELLED':
      return 'cancelled';
  }
}

/** One refusal and nothing is changed. */
export function isVoid({ atomicity, refused }: Pick<OperationFragment, 'atomicity' | 'refused'>): boolean {
  return atomicity === 'ALL_OR_NOTHING' && refused > 0;
}

/** Its counts and results tell what would be: they are those of a dry run. */
export function isAhead(operation: Pick<OperationFragment, 'dryRun' | 'approval' | 'status' | 'runAt'>): boolean {
  const { dryRun, status, runAt } = operation;
  // A planned one whose time has come keeps them until it begins.
  return dryRun || isAwaitingApproval(operation) || isPlanned(operation) || (status === 'PENDING' && runAt !== null);
}

export const outcomes: readonly BulkOutcome[] = ['CHANGED', 'UNCHANGED', 'REFUSED'];

const statusWhenDone: Record<BulkOutcome, StatusName> = {
  CHANGED: 'changed',
  UNCHANGED: 'unchanged',
  REFUSED: 'refused',
};
const statusAhead: Record<BulkOutcome, StatusName> = {
  CHANGED: 'wouldChange',
  UNCHANGED: 'isSoAlready',
  REFUSED: 'wouldRefuse',
};

/** What the outcomes of an operation are called: those that it has, or those that it would have. */
export function statusOfOutcome(operation: OperationFragment, outcome: BulkOutcome): StatusName {
  return isAhead(operation) ? statusAhead[outcome] : statusWhenDone[outcome];
}

/** How many ended so, or would: of what is void none is changed. */
export function outcomeCount(operation: OperationFragment, outcome: BulkOutcome): number {
  const { changed, unchanged, refused } = operation;
  if (outcome === 'CHANGED') return isVoid(operation) ? 0 : changed;
  return outcome === 'UNCHANGED' ? unchanged : refused;
}

/** The same of one organization: where others refuse, and so none would change, it could. */
export function statusOfResult(operation: OperationFragment, outcome: BulkOutcome): StatusName {
  const status = statusOfOutcome(operation, outcome);
  return status === 'wouldChange' && isVoid(operation) ? 'couldChange' : status;
}
