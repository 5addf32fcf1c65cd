import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { Overlap } from './overlap.ts';

/** The overlap of a slot `k`, as far as it is one of its present version. */
export const overlapColumns = `case when k.overlap_version = k.version then k.overlap_ends_at end as "overlapEndsAt",
  k.overlap_first_used_at as "overlapFirstUsedAt", encode(k.previous_fingerprint, 'hex') as "previousFingerprint"`;

/** What is set where the current string alone is to work. */
export const noOverlap = `previous_ciphertext = null, previous_data_key_version = null, previous_key_version = null,
  previous_fingerprint = null, overlap_version = null, overlap_ends_at = null, overlap_grace_minutes = null,
  overlap_first_used_at = null`;

/** The columns of `overlapColumns`. */
export interface OverlapRow {
  /** Null: there is none. */
  readonly overlapEndsAt: Date | null;
  readonly overlapFirstUsedAt: Date | null;
  readonly previousFingerprint: Fingerprint | null;
}

export function toOverlap({ overlapEndsAt, overlapFirstUsedAt, previousFingerprint }: OverlapRow): Overlap | null {
  if (overlapEndsAt === null || previousFingerprint === null) return null;
  return { fingerprint: previousFingerprint, endsAt: overlapEndsAt, firstUsedAt: overlapFirstUsedAt };
}

/** The SQL twin of `acceptsVersion` of a slot `k`. @param version SQL of the version, and `now` of the instant */
export function acceptsVersionSql(version: string, now: string): string {
  return `(${version} = k.version
    or (${version} = k.version - 1 and k.overlap_version = k.version and k.overlap_ends_at > ${now}))`;
}
