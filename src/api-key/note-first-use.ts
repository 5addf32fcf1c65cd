import { setTimeout as wait } from 'node:timers/promises';
import { byRoot } from '../by-root.ts';
import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { doingNothing } from '../watching/current.ts';
import { type FirstUse, writeFirstUses } from './overlap.repository.ts';

/** Much less than the shortest grace period. */
const GATHERED_FOR_MS = 100;

/**
 * Writes down that strings were used for the first time while the old ones still work: from `at` on their grace periods run.
 * It waits for nobody who holds a slot, and never fails: the next use tries again.
 */
export async function noteFirstUses(
  { database, log }: Pick<Services, 'database' | 'log'>,
  uses: readonly FirstUse[],
): Promise<void> {
  for (const [root, ofRoot] of byRoot(uses)) {
    try {
      await database.withTransaction(PLATFORM_SCOPE, (tx) => writeFirstUses(tx, root, ofRoot));
    } catch (error) {
      log.warn({ err: error }, 'first uses of new key strings were not written down; the next ones are');
    }
  }
}

/** The same of many, beside what they are a part of: nobody waits for it, and it takes one connection at a time. */
export class FirstUses {
  readonly #services: Pick<Services, 'database' | 'log'>;
  #waiting = new Map<string, FirstUse>();
  #isWriting = false;

  constructor(services: Pick<Services, 'database' | 'log'>) {
    this.#services = services;
  }

  note(use: FirstUse): void {
    const { rootProviderId, organizationId, kind, version } = use;
    const name = `${rootProviderId} ${organizationId} ${kind} ${version}`;
    if (!this.#waiting.has(name)) this.#waiting.set(name, use);
    if (!this.#isWriting) void doingNothing(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.size > 0) {
      await wait(GATHERED_FOR_MS, undefined, { ref: false });
      const uses = [...this.#waiting.values()];
      this.#waiting = new Map();
      await noteFirstUses(this.#services, uses);
    }
    this.#isWriting = false;
  }
}
