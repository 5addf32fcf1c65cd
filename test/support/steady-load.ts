import { Agent, request } from 'undici';

export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadResult {
  readonly answered: number;
  /** What became of those that were not answered as they should be, and how often. Nothing is tried again. */
  readonly failures: ReadonlyMap<string, number>;
}

/** So many connections that stay open, each with one POST after the other, until it is stopped. */
export class SteadyLoad implements AsyncDisposable {
  readonly #stopping = new AbortController();
  readonly #agent: Agent;
  readonly #runs: Promise<void>[];
  readonly #failures = new Map<string, number>();
  #answered = 0;

  /** @param isRight whether an answer is as it should be */
  constructor(connections: number, what: LoadRequest, isRight: (status: number, body: string) => boolean) {
    this.#agent = new Agent({ connections, pipelining: 1, keepAliveTimeout: 60_000 });
    this.#runs = Array.from({ length: connections }, async () => {
      while (!this.#stopping.signal.aborted) await this.#send(what, isRight);
    });
  }

  get answered(): number {
    return this.#answered;
  }

  async stop(): Promise<LoadResult> {
    this.#stopping.abort();
    await Promise.all(this.#runs);
    if (!this.#agent.closed) await this.#agent.close();
    return { answered: this.#answered, failures: this.#failures };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #send({ url, headers, body }: LoadRequest, isRight: (status: number, body: string) => boolean): Promise<void> {
    const outcome = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent })
      .then(async ({ statusCode, body: answer }) => {
        const text = await answer.text();
        return isRight(statusCode, text) ? null : `${statusCode} ${text.slice(0, 100)}`;
      })
      .catch((error: unknown) => String(error));
    if (outcome === null) this.#answered++;
    else this.#failures.set(outcome, (this.#failures.get(outcome) ?? 0) + 1);
  }
}
