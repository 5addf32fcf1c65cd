import type { Id } from '../ids.ts';

export type KeyRotationId = Id<'KeyRotation'>;

/** One run of `keyward secrets rotate`, over however many processes it took. */
export interface KeyRotation {
  readonly id: KeyRotationId;
  readonly startedAt: Date;
  /** How many keys the key encryption key has wrapped anew. */
  readonly rewrapped: number;
  /** How many secrets new data keys have sealed anew. */
  readonly resealed: number;
}

export interface RotationProgress {
  /** Whether this process goes on with a run that was broken off, or that another process has under way. */
  readonly isTakenUp: boolean;
  readonly startedAt: Date;
  readonly rootsDone: number;
  /** How many there were to do when this process began. */
  readonly roots: number;
  /** By this process. */
  readonly resealed: number;
}

export interface RotationResult extends KeyRotation {
  /** What does not open, and so keeps its old data key: table and primary key. It was changed by hand. */
  readonly unreadable: readonly string[];
}

/** What the terminal shows of a run that is under way. */
export function progressText({ rootsDone, roots, resealed }: RotationProgress): string {
  return `${rootsDone} of ${roots} root providers, ${resealed} secrets`;
}

/** And of one that has ended, line by line. */
export function resultText({ resealed, rewrapped, unreadable }: RotationResult): string[] {
  const done = [
    `Done: new data keys seal ${resealed} secrets, and the key encryption key has wrapped ${rewrapped} keys anew.`,
    'A previous key encryption key (KEYWARD_PREVIOUS_KEY_ENCRYPTION_KEY) is not needed any more.',
  ];
  if (unreadable.length === 0) return [...done, 'The older data keys are gone.'];
  return [
    ...done,
    `${unreadable.length} secrets do not open: somebody changed them in the database. They and their data keys are as they were:`,
    ...unreadable,
  ];
}
