import type { BulkOperationRef, Id } from '../ids.ts';

const LONGEST_PAUSE_MS = 10_000;
/** As long as a database may be slow, locked or away without costing anybody an operation. */
const LONGEST_TRYING_MS = 3_600_000;

/**
 * What an attempt failed of. `MAY_PASS`: the database was away, busy or too slow. `DRY_RUN`: the operation itself has not begun,
 * and goes without.
 */
export type FailureKind = 'FAULT' | 'MAY_PASS' | 'DRY_RUN';

interface Row {
  readonly attempts: number;
  readonly faults: number;
  /** When the operation itself first failed. */
  readonly since: number | null;
  readonly next: number;
}

const NONE: Row = { attempts: 0, faults: 0, since: null, next: 0 };

/** How often each operation failed in a row. What a process forgets when it ends, the next one counts anew. */
export class Failures {
  readonly #most: number;
  readonly #pauseMs: number;
  readonly #of = new Map<Id<'BulkOperation'>, Row>();

  /**
   * @param most after so many faults in a row an operation is given up; for want of the database, after an hour
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
  isOneTooMany({ bulkOperationId }: BulkOperationRef, at: number, kind: FailureKind): boolean {
    const before = this.#of.get(bulkOperationId) ?? NONE;
    const attempts = before.attempts + 1;
    const faults = before.faults + (kind === 'FAULT' ? 1 : 0);
    const since = before.since ?? (kind === 'DRY_RUN' ? null : at);
    const next = at + Math.min(this.#pauseMs * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
    this.#of.set(bulkOperationId, { attempts, faults, since, next });
    if (kind === 'FAULT') return faults >= this.#most;
    return kind === 'MAY_PASS' && since !== null && at - since >= LONGEST_TRYING_MS;
  }

  forget({ bulkOperationId }: BulkOperationRef): void {
    this.#of.delete(bulkOperationId);
  }
}
