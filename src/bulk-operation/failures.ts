import type { BulkOperationRef, Id } from '../ids.ts';

const LONGEST_PAUSE_MS = 10_000;

/** How often each operation failed in a row. What a process forgets when it ends, the next one counts anew. */
export class Failures {
  readonly #most: number;
  readonly #pauseMs: number;
  readonly #of = new Map<Id<'BulkOperation'>, { readonly count: number; readonly next: number }>();

  /**
   * @param most after so many in a row an operation is given up
   * @param pauseMs after the first; each time it is twice as long, up to ten seconds
   */
  constructor({ most = 8, pauseMs = 1000 } = {}) {
    this.#most = most;
    this.#pauseMs = pauseMs;
  }

  /** @param at in milliseconds, of a clock that only goes forward */
  mayTry({ bulkOperationId }: BulkOperationRef, at: number): boolean {
    return at >= (this.#of.get(bulkOperationId)?.next ?? 0);
  }

  /** Notes one more. */
  isOneTooMany({ bulkOperationId }: BulkOperationRef, at: number): boolean {
    const count = (this.#of.get(bulkOperationId)?.count ?? 0) + 1;
    const next = at + Math.min(this.#pauseMs * 2 ** (count - 1), LONGEST_PAUSE_MS);
    this.#of.set(bulkOperationId, { count, next });
    return count >= this.#most;
  }

  forget({ bulkOperationId }: BulkOperationRef): void {
    this.#of.delete(bulkOperationId);
  }
}
