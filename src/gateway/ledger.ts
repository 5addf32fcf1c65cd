import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { Counted, CountedHour, Counter } from '../usage/count-calls.ts';
import type { CounterWrite, NoticeWrite } from '../usage/usage-write.ts';

/** What one transaction counts for one slot, call after call. */
interface Account {
  readonly ref: ApiKeyRef;
  /** Whether there was a counter before. */
  readonly isNew: boolean;
  counter: Counter | null;
  last: { readonly at: Date; readonly address: string | null } | null;
  readonly hours: CountedHour[];
  readonly notices: NoticeWrite[];
}

/** What a transaction has to write down. */
export interface LedgerWrites {
  /** Of slots that had no counter. */
  readonly inserts: readonly CounterWrite[];
  readonly updates: readonly CounterWrite[];
  readonly hours: readonly (CountedHour & { readonly ref: ApiKeyRef })[];
  readonly notices: readonly NoticeWrite[];
}

/** With the root, which may be forged: a slot that is asked for under another root is another one. */
export function slotKey({ rootProviderId, organizationId, kind }: ApiKeyRef): string {
  return `${rootProviderId} ${organizationId} ${kind}`;
}

/** The counters that one transaction holds, and what it counts on top of them. */
export class Ledger {
  readonly #accounts: ReadonlyMap<string, Account>;

  /**
   * @param held slots of which nobody else can count before the transaction ends, counted already or not
   * @param counters those that there are
   */
  constructor(held: readonly ApiKeyRef[], counters: readonly (ApiKeyRef & { readonly counter: Counter })[]) {
    const found = new Map(counters.map((row) => [slotKey(row), row.counter]));
    this.#accounts = new Map(
      held.map((ref) => {
        const counter = found.get(slotKey(ref)) ?? null;
        return [slotKey(ref), { ref, isNew: counter === null, counter, last: null, hours: [], notices: [] }];
      }),
    );
  }

  holds(ref: ApiKeyRef): boolean {
    return this.#accounts.has(slotKey(ref));
  }

  counterOf(ref: ApiKeyRef): Counter | null {
    return this.#accounts.get(slotKey(ref))?.counter ?? null;
  }

  /** @throws Error for a slot that is not held */
  count(ref: ApiKeyRef, { counter, finishedHour, notices }: Counted, at: Date, address: string | null): void {
    const account = this.#accounts.get(slotKey(ref));
    if (account === undefined) throw new Error('a call is counted whose counter is not held');
    account.counter = counter;
    account.last = { at, address };
    if (finishedHour !== null) account.hours.push(finishedHour);
    for (const percent of notices) {
      if (counter.threshold === null) continue;
      const { windowStart, used, threshold } = counter;
      account.notices.push({ ref, percent, windowStart, used, threshold, at });
    }
  }

  get writes(): LedgerWrites {
    const written = [...this.#accounts.values()].flatMap(({ counter, last, ...account }) =>
      counter === null || last === null ? [] : [{ ...account, counter, ...last }],
    );
    return {
      inserts: written.filter(({ isNew }) => isNew),
      updates: written.filter(({ isNew }) => !isNew),
      hours: written.flatMap(({ ref, hours }) => hours.map((hour) => ({ ...hour, ref }))),
      notices: written.flatMap(({ notices }) => notices),
    };
  }
}
