import type { RotationMode } from './rotation.graphql.ts';
import type { Window } from './rotation-words.ts';
import { ANY_TIME } from './window-field.tsx';

const USUAL_GRACE_MINUTES = 15;

/** What a policy says, as it stands in the form; null: the field is empty. */
export interface Terms {
  readonly maximumAgeDays: number | null;
  readonly mode: RotationMode;
  readonly window: Window;
  readonly sharedString: boolean;
  readonly overlapMinutes: number | null;
  readonly overlapGraceMinutes: number | null;
}

export const firstTerms: Terms = {
  maximumAgeDays: 90,
  mode: 'NOTIFY',
  window: ANY_TIME,
  sharedString: false,
  overlapMinutes: 0,
  overlapGraceMinutes: USUAL_GRACE_MINUTES,
};

/** Null: a field is empty. */
export function filledIn(terms: Terms) {
  const { maximumAgeDays, overlapMinutes, overlapGraceMinutes } = terms;
  if (maximumAgeDays === null || overlapMinutes === null || overlapGraceMinutes === null) return null;
  return { ...terms, maximumAgeDays, overlapMinutes, overlapGraceMinutes };
}
