import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

const MOST_KEYS = 10_000;

/**
 * Looks at things again and again, for whoever wants to know when they change. Everybody who watches under one key shares
 * the looks, so that what they cost does not grow with the listeners; nobody looks while nobody listens.
 */
export class SharedLooks<Seen> {
  readonly #intervalMs: number;
  readonly #recent: LRUCache<string, Promise<Seen>>;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
    // A look is good for most of an interval: who is out of step takes the one that somebody else has just had.
    this.#recent = new LRUCache({ max: MOST_KEYS, ttl: Math.ceil(intervalMs * 0.8) });
  }

  /**
   * What is seen now, and then once an interval, also when it is the same, until the signal. A listener who takes longer
   * than that over one misses those in between.
   * @param key says all that the look depends on: in particular, with whose eyes it is taken
   */
  async *watch(key: string, look: () => Promise<Seen>, signal: AbortSignal): AsyncGenerator<Seen, void, undefined> {
    while (!signal.aborted) {
      yield await this.#look(key, look);
      await wait(this.#intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #look(key: string, look: () => Promise<Seen>): Promise<Seen> {
    const known = this.#recent.get(key);
    if (known !== undefined) return known;
    const seen = look();
    this.#recent.set(key, seen);
    seen.catch(() => this.#recent.delete(key));
    return seen;
  }
}
