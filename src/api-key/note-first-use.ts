import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { ApiKeyRef } from './api-key-slot.ts';
import { writeFirstUse } from './overlap.repository.ts';

/**
 * Writes down that the string which a slot got at `version` was used for the first time while the old one still works: from
 * `at` on its grace period runs. It waits for whoever holds the slot, and never fails: the next use tries again.
 */
export async function noteFirstUse(
  { database, log }: Pick<Services, 'database' | 'log'>,
  ref: ApiKeyRef,
  version: number,
  at: Date,
): Promise<void> {
  try {
    await database.withTransaction(PLATFORM_SCOPE, (tx) => writeFirstUse(tx, ref, version, at));
  } catch (error) {
    log.warn({ err: error }, 'the first use of a new key string was not written down; the next one is');
  }
}

/** The same of many, beside what they are a part of: nobody waits for it, and no slot is held up. */
export class FirstUses {
  readonly #services: Pick<Services, 'database' | 'log'>;
  /** Being written. */
  readonly #under: Set<string> = new Set();

  constructor(services: Pick<Services, 'database' | 'log'>) {
    this.#services = services;
  }

  note(ref: ApiKeyRef, version: number, at: Date): void {
    const name = `${ref.organizationId} ${ref.kind} ${version}`;
    if (this.#under.has(name)) return;
    this.#under.add(name);
    void noteFirstUse(this.#services, ref, version, at).finally(() => this.#under.delete(name));
  }
}
