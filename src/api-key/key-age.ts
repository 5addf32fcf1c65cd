import type { RotationPolicyId } from '../ids.ts';

export const rotationStates = ['CURRENT', 'UPCOMING', 'DUE', 'OVERDUE'] as const;
/**
 * `UPCOMING`: due within the longest lead time of the policy. `DUE`: to be rotated in the next window. `OVERDUE`: a window has
 * gone by since.
 */
export type RotationState = (typeof rotationStates)[number];

/** The part of a rotation policy that is kept with every slot that it holds for, in days. */
export interface SlotTerms {
  /** The maximum age. */
  readonly afterDays: number;
  /** It is never rotated sooner after the policy began to hold: the shortest lead time. */
  readonly leadDays: number;
  /** The longest lead time. */
  readonly noticeDays: number;
  /** What has been due for longer is overdue. */
  readonly gapDays: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** What a policy means for one slot. */
export interface SlotRotation extends SlotTerms {
  readonly policyId: RotationPolicyId;
  readonly policyVersion: number;
  /** When the policy, as it is, began to hold for the slot. */
  readonly since: Date;
}

/**
 * When a string that came at `modifiedAt` is to be rotated: at its maximum age, but never before it could be told of by the
 * shortest lead time.
 */
export function dueAt({ afterDays, leadDays, since }: SlotRotation, modifiedAt: Date): Date {
  return new Date(Math.max(modifiedAt.getTime() + afterDays * DAY_MS, since.getTime() + leadDays * DAY_MS));
}

/** Of a slot that holds a string. */
export function rotationStateAt(rotation: SlotRotation, modifiedAt: Date, now: Date): RotationState {
  const due = dueAt(rotation, modifiedAt).getTime();
  if (now.getTime() >= due + rotation.gapDays * DAY_MS) return 'OVERDUE';
  if (now.getTime() >= due) return 'DUE';
  return now.getTime() >= due - rotation.noticeDays * DAY_MS ? 'UPCOMING' : 'CURRENT';
}
