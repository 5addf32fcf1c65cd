import { validationFailed } from '../errors.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';

// For how long the string that a rotation replaced works beside the new one (docs/adr/0020). None unless it was allowed;
// whatever else changes the slot ends it at once.

/** Nobody allows more: a day. */
export const LONGEST_OVERLAP_MINUTES = 24 * 60;
export const DEFAULT_GRACE_MINUTES = 15;

/** How a rotation is to be done. */
export interface OverlapTerms {
  /** At least 1: without an overlap there are no terms. */
  readonly minutes: number;
  /** How long the old string works after the first use of the new one. */
  readonly graceMinutes: number;
}

/** Of a slot at its present version. */
export interface Overlap {
  /** Of the old string. */
  readonly fingerprint: Fingerprint;
  /** Known to be earlier once the new string was used. */
  readonly endsAt: Date;
  /** When the new string was used; null: not yet. */
  readonly firstUsedAt: Date | null;
}

/** Of one that begins now, if nothing ends it earlier. */
export function overlapEnd({ minutes }: OverlapTerms, now: Date): Date {
  return new Date(now.getTime() + minutes * 60_000);
}

/** Null once it has ended. */
export function overlapAt(overlap: Overlap | null, now: Date): Overlap | null {
  return overlap !== null && now < overlap.endsAt ? overlap : null;
}

interface Strings {
  readonly fingerprint: Fingerprint | null;
  readonly overlap: Overlap | null;
}

/** Whether a string with this fingerprint is the slot's: the current one, or the old one while both work. */
export function acceptsString({ fingerprint, overlap }: Strings, given: Fingerprint, now: Date): boolean {
  return fingerprint === given || overlapAt(overlap, now)?.fingerprint === given;
}

/**
 * Whether what was opened when the slot was at `version` lives on: as long as the string that it was opened with works. A
 * rotation moves the version by one, so that the old string is that of the version before.
 */
export function acceptsVersion(
  slot: { readonly version: number; readonly overlap: Overlap | null },
  version: number,
  now: Date,
): boolean {
  return version === slot.version || (version === slot.version - 1 && overlapAt(slot.overlap, now) !== null);
}

/** Whether this is the use of the new string after which the grace period begins. */
export function isFirstUse({ fingerprint, overlap }: Strings, given: Fingerprint, now: Date): boolean {
  return overlap !== null && overlap.firstUsedAt === null && fingerprint === given && now < overlap.endsAt;
}

/**
 * @param minutes 0: none
 * @throws DomainError `VALIDATION_FAILED`
 */
export function parseOverlap(minutes: number, graceMinutes: number, allowedMinutes: number): OverlapTerms | null {
  if (!isWholeWithin(minutes, 0, LONGEST_OVERLAP_MINUTES)) {
    throw validationFailed('overlapMinutes', 'Give 0 for no overlap, or up to 1440 minutes.');
  }
  if (!isWholeWithin(graceMinutes, 1, LONGEST_OVERLAP_MINUTES)) {
    throw validationFailed('overlapGraceMinutes', 'Give 1 to 1440 minutes.');
  }
  if (minutes > allowedMinutes) {
    const allowed = allowedMinutes === 0 ? 'no overlap' : `an overlap of at most ${allowedMinutes} minutes`;
    const message = `The provider allows ${allowed} (overlapAllowedMinutes). Give less, or have it changed.`;
    throw validationFailed('overlapMinutes', message);
  }
  return minutes === 0 ? null : { minutes, graceMinutes };
}

/** @throws DomainError `VALIDATION_FAILED` */
export function refuseBadAllowance(minutes: number): void {
  if (isWholeWithin(minutes, 0, LONGEST_OVERLAP_MINUTES)) return;
  throw validationFailed('overlapAllowedMinutes', 'Give 0 to allow none, or up to 1440 minutes.');
}

function isWholeWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
