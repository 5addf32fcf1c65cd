import type { CombinedError } from '@urql/core';
import { failureOf } from '../../graphql/failure.ts';

/** Beneath a list, which does not wait for its count, nor fail with it. */
export function countInWords(
  total: number | null | undefined,
  error: CombinedError | undefined,
  words: (total: number) => string,
): string {
  if (total != null) return words(total);
  return error === undefined ? 'Counting' : `Not counted: ${failureOf(error).code}`;
}
