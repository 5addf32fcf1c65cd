import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** A little while between the requests of one client: what is measured is the failover, not the machine. */
const PAUSE_MS = 50;
const LONGEST_REQUEST_MS = 12_000;

export type RequestKind = 'mutation' | 'decision' | 'read';

/** One request and what came of it; times in `performance.now()`. */
export interface Attempt {
  readonly kind: RequestKind;
  readonly url: string;
  readonly sentAt: number;
  readonly endedAt: number;
  /** `OK` when it was done; else what came instead. */
  readonly outcome: string;
}

/** What to send, and how to read the answer: `OK` when it was done. */
export interface LoadCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: (idempotencyKey: string) => string;
  readonly outcomeOf: (status: number, body: string) => string;
}

/**
 * Clients that go on whatever happens. One that wants a mutation gives it an idempotency key, and sends it with that key
 * until it is acknowledged, as a client is told to.
 */
export class FailoverLoad implements AsyncDisposable {
  readonly attempts: Attempt[] = [];
  /** Idempotency keys of mutations that were acknowledged, in that order. */
  readonly acknowledged: string[] = [];
  readonly #agent = new Agent({ connections: 64, headersTimeout: LONGEST_REQUEST_MS, bodyTimeout: LONGEST_REQUEST_MS });
  readonly #stopping = new AbortController();
  readonly #clients: Promise<void>[] = [];

  add(kind: RequestKind, url: string, call: LoadCall): void {
    this.#clients.push(kind === 'mutation' ? this.#mutate(url, call) : this.#repeat(kind, url, call));
  }

  /** Everything that was sent from one moment on, and before another. */
  between(kind: RequestKind, from: number, to = Number.POSITIVE_INFINITY): Attempt[] {
    return this.attempts.filter((each) => each.kind === kind && each.sentAt >= from && each.sentAt < to);
  }

  /** Waits for the mutations under way to be acknowledged. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#clients);
    await this.#agent.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#agent.destroy();
    await Promise.all(this.#clients);
  }

  async #mutate(url: string, call: LoadCall): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const key = randomUUID();
      while (!(this.#agent.destroyed || (await this.#send('mutation', url, call, key)) === 'OK'))
        await wait(PAUSE_MS * 4);
      if (this.#agent.destroyed) return;
      this.acknowledged.push(key);
      await wait(PAUSE_MS);
    }
  }

  async #repeat(kind: RequestKind, url: string, call: LoadCall): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#send(kind, url, call, '');
      await wait(PAUSE_MS);
    }
  }

  async #send(kind: RequestKind, url: string, call: LoadCall, key: string): Promise<string> {
    const sentAt = performance.now();
    const { path, headers } = call;
    const outcome = await request(`${url}${path}`, {
      method: 'POST',
      headers,
      body: call.body(key),
      dispatcher: this.#agent,
    })
      .then(async ({ statusCode, body }) => call.outcomeOf(statusCode, await body.text()))
      .catch((error: unknown) => String(error));
    this.attempts.push({ kind, url, sentAt, endedAt: performance.now(), outcome });
    return outcome;
  }
}

/** How often each outcome came. */
export function counted(attempts: readonly Attempt[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { outcome } of attempts) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return Object.fromEntries(counts);
}

export const failed = (attempts: readonly Attempt[]) => attempts.filter(({ outcome }) => outcome !== 'OK');

export const slowestMs = (attempts: readonly Attempt[]) =>
  Math.round(Math.max(0, ...attempts.map(({ sentAt, endedAt }) => endedAt - sentAt)));
