import { DomainError } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import { NOT_FOR_ORGANIZATIONS } from '../identity/permissions.ts';
import type { ActorId } from '../ids.ts';
import { parseNote } from '../text.ts';
import {
  type ApprovalStatus,
  type BulkOperationKind,
  bulkOperationKinds,
  permissionForKind,
} from './bulk-operation.ts';

/** Nobody has to approve after this what somebody else wanted then. */
export const APPROVAL_EXPIRES_AFTER_MS = 24 * 60 * 60 * 1000;

/** Whether somebody else has to agree to an operation, and whether they did. All null: nobody has to. */
export interface Approval {
  readonly approval: ApprovalStatus | null;
  readonly approvalExpiresAt: Date | null;
  readonly decidedAt: Date | null;
  readonly decidedById: ActorId | null;
  readonly decidedByName: string | null;
  readonly decisionNote: string | null;
}

export const NO_APPROVAL: Approval = {
  approval: null,
  approvalExpiresAt: null,
  decidedAt: null,
  decidedById: null,
  decidedByName: null,
  decisionNote: null,
};

/**
 * The strictest counts: what a provider asks for holds for everybody who acts on the organizations below it, whatever the
 * providers further down say, and for the platform. A dry run changes nothing, and waits for nobody.
 * @param limits of the providers that the organizations belong to and of those above them: more organizations than this wait
 */
export function approvalFor(
  { total, dryRun }: { readonly total: number; readonly dryRun: boolean },
  limits: readonly number[],
  now: Date,
): Approval {
  if (dryRun || !limits.some((limit) => total > limit)) return NO_APPROVAL;
  const approvalExpiresAt = new Date(now.getTime() + APPROVAL_EXPIRES_AFTER_MS);
  return { ...NO_APPROVAL, approval: 'PENDING', approvalExpiresAt };
}

/** What nobody decided in time has expired, whether or not that is written down yet. */
export function approvalAt({ approval, approvalExpiresAt }: Approval, now: Date): ApprovalStatus | null {
  const isOverdue = approvalExpiresAt !== null && now >= approvalExpiresAt;
  return approval === 'PENDING' && isOverdue ? 'EXPIRED' : approval;
}

/** Why it is not theirs to decide, whatever their permissions; null when it is. @param startedById null: the system */
function objectionTo(
  { id, role, authority, onBehalfOf }: Omit<Actor, 'permissions'>,
  startedById: ActorId | null,
): string | null {
  if (id === null || role === 'SERVICE_ACCOUNT') return 'Only a person approves or rejects. Sign in as one.';
  if (authority === 'ORGANIZATION') return NOT_FOR_ORGANIZATIONS;
  if (onBehalfOf !== null) return 'This is not lent by a delegation. Ask staff of the provider.';
  if (id === startedById) return 'You started this yourself: somebody else has to decide. You can cancel it.';
  return null;
}

/** A second person, of the provider or above it. @throws DomainError `FORBIDDEN` */
export function refuseDecider(actor: Actor, { createdById }: { readonly createdById: ActorId | null }): void {
  const objection = objectionTo(actor, createdById);
  if (objection !== null) throw new DomainError('FORBIDDEN', objection);
}

/** About which kinds of operations they may decide, when somebody else started them. */
export function kindsToDecide(actor: Actor): readonly BulkOperationKind[] {
  if (objectionTo(actor, null) !== null) return [];
  return bulkOperationKinds.filter((kind) => actor.permissions.has(permissionForKind[kind]));
}

/** An operation as far as it matters to whoever decides. */
export interface Waiting extends Approval {
  readonly kind: BulkOperationKind;
  readonly createdById: ActorId | null;
  readonly total: number;
  readonly doneThrough: number;
}

/** Whether the viewer may decide about it now. */
export function mayDecide(actor: Actor, operation: Waiting, now: Date): boolean {
  const isTheirs = operation.createdById !== actor.id && kindsToDecide(actor).includes(operation.kind);
  return isTheirs && approvalAt(operation, now) === 'PENDING';
}

/** @throws DomainError `APPROVAL_CLOSED` */
export function refuseClosed(operation: Approval, now: Date): void {
  const status = approvalAt(operation, now);
  if (status === 'PENDING') return;
  throw new DomainError('APPROVAL_CLOSED', closedMessage(status, operation.decidedByName), ['bulkOperationId']);
}

function closedMessage(status: Exclude<ApprovalStatus, 'PENDING'> | null, decidedBy: string | null): string {
  switch (status) {
    case null:
      return 'This operation needs no approval.';
    case 'APPROVED':
      return `${decidedBy} has approved it already.`;
    case 'REJECTED':
      return `${decidedBy} has rejected it already.`;
    case 'EXPIRED':
      return 'Nobody decided in time. Whoever wants it still has to start it again.';
    case 'WITHDRAWN':
      return 'The operation has ended: there is nothing to decide any more.';
  }
}

/** Whether its dry run is there to be looked at. */
export function isLookedAt({ doneThrough, total }: Pick<Waiting, 'doneThrough' | 'total'>): boolean {
  return doneThrough >= total;
}

/** Nobody approves what they could not look at. @throws DomainError `APPROVAL_NOT_READY` */
export function refuseUnseen(operation: Waiting): void {
  if (isLookedAt(operation)) return;
  const message = 'Its dry run is being made. Look at the results in a moment, then approve.';
  throw new DomainError('APPROVAL_NOT_READY', message, ['bulkOperationId']);
}

/** Null when there is none. @throws DomainError `VALIDATION_FAILED`, `NOTE_REQUIRED` of a rejection without one */
export function parseDecisionNote(decision: 'APPROVED' | 'REJECTED', given: string | null): string | null {
  const note = given === null ? null : parseNote('note', given) || null;
  if (note !== null || decision === 'APPROVED') return note;
  throw new DomainError('NOTE_REQUIRED', 'Say why in a note: whoever started it will need it.', ['note']);
}
