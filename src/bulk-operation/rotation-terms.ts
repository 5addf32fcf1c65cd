import type { OverlapTerms } from '../api-key/overlap.ts';

/** What a command that gives new strings may be told besides. */
export interface RotationTerms {
  /** For how long the strings that are replaced go on working; left out: not at all. */
  readonly overlap?: OverlapTerms;
  /** Name of the rotation policy that asks for it. */
  readonly policy?: string;
}

/** What goes into the audit trail of each. */
export function noteOfRotation({ policy }: RotationTerms): string | null {
  return policy === undefined ? null : `Rotation policy: ${policy}`;
}
