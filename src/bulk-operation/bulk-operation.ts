import { DomainError, type ErrorCode, notFound, PassingRefusal, validationFailed } from '../errors.ts';
import { type Authority, NOT_FOR_ORGANIZATIONS, type Permission } from '../identity/permissions.ts';

export const bulkOperationKinds = [
  'SYNC_API_KEY',
  'DISABLE_API_KEY',
  'ENABLE_API_KEY',
  'REGENERATE_API_KEY',
  'RENEW_SUBSCRIPTION',
  'IMPORT_ORGANIZATIONS',
] as const;
export type BulkOperationKind = (typeof bulkOperationKinds)[number];
export const syncAtomicities = ['ALL_OR_NOTHING', 'PER_ORGANIZATION'] as const;
export type SyncAtomicity = (typeof syncAtomicities)[number];
export const bulkOperationStatuses = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'PARTIALLY_SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const;
export type BulkOperationStatus = (typeof bulkOperationStatuses)[number];
/** `PLANNED`: it waits for its time, and for nothing else. */
export const shownStatuses = ['PLANNED', ...bulkOperationStatuses] as const;
export type ShownStatus = (typeof shownStatuses)[number];
export const bulkOutcomes = ['CHANGED', 'UNCHANGED', 'REFUSED'] as const;
export type BulkOutcome = (typeof bulkOutcomes)[number];
/** `WITHDRAWN`: the operation ended before anybody decided. */
export const approvalStatuses = ['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN'] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

export const permissionForKind: Record<BulkOperationKind, Permission> = {
  SYNC_API_KEY: 'apiKey:sync',
  DISABLE_API_KEY: 'apiKey:enable',
  ENABLE_API_KEY: 'apiKey:enable',
  REGENERATE_API_KEY: 'apiKey:manage',
  RENEW_SUBSCRIPTION: 'subscription:manage',
  IMPORT_ORGANIZATIONS: 'organization:manage',
};

/** Those that are one command over many organizations; an import makes organizations out of a file. */
export const bulkCommandKinds = bulkOperationKinds.filter((kind) => kind !== 'IMPORT_ORGANIZATIONS');
export type BulkCommandKind = (typeof bulkCommandKinds)[number];

/** More organizations than this are one operation too many. */
export const MOST_TARGETS = 100_000;
/** As many are done while the caller waits; more are done in the background. */
export const MOST_TARGETS_AT_ONCE = 1000;
/** As many that are left to the background may a provider have at a time, planned ones included. */
export const MOST_UNFINISHED = 200;

/** How many organizations of an operation have ended how. */
export interface Tally {
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
}

export const NOTHING_DONE: Tally = { changed: 0, unchanged: 0, refused: 0 };
/** How far an operation is that has not gone through any. */
export const NEVER_BEGUN = { ...NOTHING_DONE, doneThrough: 0 };

export function addTallies(one: Tally, other: Tally): Tally {
  return {
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
    refused: one.refused + other.refused,
  };
}

/** How it ended for one organization: what the single command would have done, or why it would have been refused. */
export type ItemDecision<Change = unknown> =
  | { readonly outcome: 'CHANGED'; readonly change: Change }
  | { readonly outcome: 'UNCHANGED' }
  | { readonly outcome: 'REFUSED'; readonly code: ErrorCode; readonly message: string };

/** What a single command says of an organization that already is as the command would make it. */
const alreadySo: ReadonlySet<ErrorCode> = new Set(['KEY_UNCHANGED', 'ALREADY_DISABLED', 'NOT_DISABLED']);

/**
 * An organization that already is as the command would make it is `UNCHANGED`, not refused.
 * @param decide decides as the single command does; throws DomainError
 */
export function decideItem<Change>(decide: () => Change): ItemDecision<Change> {
  try {
    return { outcome: 'CHANGED', change: decide() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (alreadySo.has(error.code)) return { outcome: 'UNCHANGED' };
    return { outcome: 'REFUSED', code: error.code, message: error.message };
  }
}

/** What an id that names nothing in sight ends in. */
export function missingItem(): ItemDecision & { readonly outcome: 'REFUSED' } {
  const { code, message } = notFound('organizationIds');
  return { outcome: 'REFUSED', code, message };
}

/** How an operation ends that went through all its organizations. */
export function finalStatus(atomicity: SyncAtomicity, { changed, unchanged, refused }: Tally): BulkOperationStatus {
  if (refused === 0) return 'SUCCEEDED';
  if (atomicity === 'ALL_OR_NOTHING' || changed + unchanged === 0) return 'FAILED';
  return 'PARTIALLY_SUCCEEDED';
}

/** Planned, and its time has not come: nobody has begun it. */
export function isPlanned({
  status,
  runAt,
}: {
  readonly status: BulkOperationStatus;
  readonly runAt: Date | null;
}): boolean {
  return status === 'PENDING' && runAt !== null;
}

/** As people are shown it. */
export function shownStatus(operation: {
  readonly status: BulkOperationStatus;
  readonly runAt: Date | null;
  readonly approval: ApprovalStatus | null;
}): ShownStatus {
  return isPlanned(operation) && operation.approval !== 'PENDING' ? 'PLANNED' : operation.status;
}

export function isFinished(status: BulkOperationStatus): boolean {
  return status !== 'PENDING' && status !== 'RUNNING';
}

/** @throws DomainError `OPERATION_NOT_CANCELLABLE` */
export function refuseFinished(status: BulkOperationStatus): void {
  if (!isFinished(status)) return;
  throw new DomainError('OPERATION_NOT_CANCELLABLE', 'The operation has ended already: there is nothing to cancel.', [
    'id',
  ]);
}

/** @throws DomainError `VALIDATION_FAILED`, `TOO_MANY_TARGETS` */
export function refuseBadTotal(total: number): void {
  if (total === 0) {
    throw validationFailed('filter', 'No organization is meant. Widen the filter, or name organizations.');
  }
  if (total > MOST_TARGETS) throw tooManyTargets();
}

export function tooManyTargets(): DomainError {
  const message = `At most ${MOST_TARGETS} organizations at once. Narrow the filter, or name fewer.`;
  return new DomainError('TOO_MANY_TARGETS', message);
}

export function tooManyUnfinished(): PassingRefusal {
  const message = `At most ${MOST_UNFINISHED} large operations of a provider at a time. Wait until some have ended, or cancel some.`;
  return new PassingRefusal('LIMIT_REACHED', message);
}

/** Staff of an organization command no fleet, whatever bundle of permissions they hold. @throws DomainError `FORBIDDEN` */
export function refuseOrganizationStaff(authority: Authority): void {
  if (authority !== 'ORGANIZATION') return;
  throw new DomainError('FORBIDDEN', NOT_FOR_ORGANIZATIONS);
}

/**
 * Up to which position what has no outcome of its own was changed: what is done all at once counts only at its end. While
 * it waits for approval or for its time: how far its dry run is, by which it would be changed.
 */
export function changedThrough(operation: {
  readonly atomicity: SyncAtomicity;
  readonly status: BulkOperationStatus;
  readonly approval: ApprovalStatus | null;
  readonly doneThrough: number;
  readonly runAt: Date | null;
}): number {
  const { atomicity, status, approval, doneThrough } = operation;
  if (approval === 'PENDING' || isPlanned(operation)) return doneThrough;
  return atomicity === 'ALL_OR_NOTHING' && !isFinished(status) ? 0 : doneThrough;
}

/** How many organizations it has gone through; all at once counts them as they are staged. A dry run before it is none. */
export function processedOf(
  operation: Tally & {
    readonly atomicity: SyncAtomicity;
    readonly status: BulkOperationStatus;
    readonly approval: ApprovalStatus | null;
    readonly doneThrough: number;
    readonly runAt: Date | null;
  },
): number {
  const { atomicity, status, approval, doneThrough, changed, unchanged, refused } = operation;
  if (approval === 'PENDING' || isPlanned(operation)) return 0;
  const isStaging = atomicity === 'ALL_OR_NOTHING' && !isFinished(status);
  return isStaging ? doneThrough : changed + unchanged + refused;
}
