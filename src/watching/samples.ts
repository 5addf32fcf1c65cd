import { LRUCache } from 'lru-cache';

const MOST_KINDS = 1000;
const INTERVAL_MS = 60_000;

/** Lets through one of a kind in an interval, and counts the others: the hundredth of its kind tells nothing new. */
export class Samples {
  readonly #intervalMs: number;
  readonly #kinds: LRUCache<string, { readonly at: number; heldBack: number }>;

  constructor(intervalMs = INTERVAL_MS) {
    this.#intervalMs = intervalMs;
    this.#kinds = new LRUCache({ max: MOST_KINDS });
  }

  /**
   * @param kind one of not too many
   * @returns null when one was let through shortly before; else how many of the kind were held back since the last
   */
  take(kind: string, now = performance.now()): { readonly heldBack: number } | null {
    const known = this.#kinds.get(kind);
    if (known !== undefined && now - known.at < this.#intervalMs) {
      known.heldBack += 1;
      return null;
    }
    this.#kinds.set(kind, { at: now, heldBack: 0 });
    return { heldBack: known?.heldBack ?? 0 };
  }
}
