export interface BatchLimits {
  /** Batches of one line that run at the same time; what comes meanwhile waits and goes together. */
  readonly inFlight: number;
  /** The most items of a batch. */
  readonly most: number;
  /** So many begin a batch without waiting for more. */
  readonly enough: number;
}

/** However many come, they do not wait for each other for longer. */
const MOST_TURNS = 8;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

interface Line<Item, Result> {
  waiting: Waiting<Item, Result>[];
  inFlight: number;
  /** Items in them. */
  underWay: number;
  isDue: boolean;
}

/**
 * Does for many at once what would be done for each: items of one line that come while its batches are under way are the
 * next one. A batch begins after all of its items were added.
 */
export class Batcher<Item, Result> {
  readonly #lines = new Map<string, Line<Item, Result>>();
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #limits: BatchLimits;

  /** @param run gives the results in the order of the items; when it fails it fails for all of them */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, limits: BatchLimits) {
    this.#run = run;
    this.#limits = limits;
  }

  add(name: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const line = this.#lineOf(name);
      line.waiting.push({ item, resolve, reject });
      this.#wake(name, line);
    });
  }

  #lineOf(name: string): Line<Item, Result> {
    const known = this.#lines.get(name);
    if (known !== undefined) return known;
    const line = { waiting: [], inFlight: 0, underWay: 0, isDue: false };
    this.#lines.set(name, line);
    return line;
  }

  /**
   * As soon as a turn of the event loop has brought nothing more, or there is a fair share: so that all batches that may be
   * under way are about equal, and the program and the database both have something to do.
   */
  #wake(name: string, line: Line<Item, Result>): void {
    if (line.isDue || line.inFlight >= this.#limits.inFlight) return;
    line.isDue = true;
    let turns = 0;
    let gathered = 0;
    const look = () => {
      turns += 1;
      if (line.waiting.length > gathered && line.waiting.length < this.#share(line) && turns < MOST_TURNS) {
        gathered = line.waiting.length;
        setImmediate(look);
        return;
      }
      line.isDue = false;
      void this.#start(name, line);
    };
    setImmediate(look);
  }

  #share({ waiting, underWay }: Line<Item, Result>): number {
    const { inFlight, enough, most } = this.#limits;
    return Math.min(most, Math.max(enough, Math.ceil((waiting.length + underWay) / inFlight)));
  }

  async #start(name: string, line: Line<Item, Result>): Promise<void> {
    const batch = line.waiting.splice(0, this.#share(line));
    line.inFlight += 1;
    line.underWay += batch.length;
    if (line.waiting.length > 0) this.#wake(name, line);
    try {
      const results = await this.#run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('a batch gives one result for each of its items');
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result); // as many as items
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    line.inFlight -= 1;
    line.underWay -= batch.length;
    if (line.waiting.length > 0) this.#wake(name, line);
    else if (line.inFlight === 0 && !line.isDue) this.#lines.delete(name);
  }
}
