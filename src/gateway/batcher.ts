export interface BatchLimits {
  /** The most items of a batch. */
  readonly most: number;
  /** So many begin a batch without waiting for more. */
  readonly enough: number;
}

/** However many come, they do not wait for each other for longer. */
const MOST_TURNS = 8;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly until: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

interface Line<Item, Result> {
  waiting: Waiting<Item, Result>[];
  /** A batch is under way, or about to begin. */
  isBusy: boolean;
}

/**
 * Does for many at once what would be done for each: items of one line that come while its batch is under way are the next
 * one. A batch begins after all of its items were added. One at a time: two would wait for each other's locks.
 */
export class Batcher<Item, Result> {
  readonly #lines = new Map<string, Line<Item, Result>>();
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limits: BatchLimits;
  readonly #tooLate: () => Error;

  /**
   * @param run gives the results in the order of the items; when it fails it fails for all of them
   * @param tooLate what an item is rejected with whose time was over before its batch began
   */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, limits: BatchLimits, tooLate: () => Error) {
    this.#run = run;
    this.#limits = limits;
    this.#tooLate = tooLate;
  }

  /** @param until of `performance.now()`: nobody waits for it after that, and it is not begun any more */
  add(name: string, item: Item, until: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      const line = this.#lineOf(name);
      line.waiting.push({ item, until, resolve, reject });
      this.#wake(name, line);
    });
  }

  #lineOf(name: string): Line<Item, Result> {
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const line = { waiting: [], isBusy: false };
    this.#lines.set(name, line);
    return line;
  }

  /** As soon as a turn of the event loop has brought nothing more, or there is enough. */
  #wake(name: string, line: Line<Item, Result>): void {
    if (line.isBusy) return;
    line.isBusy = true;
    const { enough } = this.#limits;
    let turns = 0;
    let gathered = 0;
    const look = () => {
      turns += 1;
      const { length } = line.waiting;
      if (length <= gathered || length >= enough || turns >= MOST_TURNS) {
        void this.#start(name, line);
        return;
      }
      gathered = length;
      setImmediate(look);
    };
    setImmediate(look);
  }

  #next(line: Line<Item, Result>): Waiting<Item, Result>[] {
    const now = performance.now();
    const late = line.waiting.filter(({ until }) => until <= now);
    if (late.length > 0) line.waiting = line.waiting.filter(({ until }) => until > now);
    for (const { reject } of late) reject(this.#tooLate());
    return line.waiting.splice(0, this.#limits.most);
  }

  async #start(name: string, line: Line<Item, Result>): Promise<void> {
    const batch = this.#next(line);
    try {
      const results = batch.length === 0 ? [] : await this.#run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('a batch gives one result for each of its items');
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result); // as many as items
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    line.isBusy = false;
    if (line.waiting.length > 0) this.#wake(name, line);
    else this.#lines.delete(name);
  }
}
