import { setTimeout as wait } from 'node:timers/promises';

/** Lets others of the machine have their turn, too. */
const PAUSE_MS = 10;

/** Tasks that are each done over and over, beside each other, until they are stopped. */
export class ManyTasks implements AsyncDisposable {
  readonly done = new Map<string, number>();
  readonly failures = new Set<string>();
  readonly #runs: Promise<void>[];
  #isStopping = false;

  constructor(tasks: Readonly<Record<string, () => Promise<void>>>) {
    this.#runs = Object.entries(tasks).map(([name, task]) => this.#repeat(name, task));
  }

  get total(): number {
    return [...this.done.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#runs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #repeat(name: string, task: () => Promise<void>): Promise<void> {
    while (!this.#isStopping) {
      await task().then(
        () => this.done.set(name, (this.done.get(name) ?? 0) + 1),
        (error: unknown) => this.failures.add(`${name}: ${String(error)}`),
      );
      await wait(PAUSE_MS);
    }
  }
}
