import { setTimeout as wait } from 'node:timers/promises';
import { type DomainError, RateLimitedError } from '../errors.ts';

/** How long a stream that is to end may take over telling so. */
const LONGEST_FAREWELL_MS = 2_000;
const TRY_AGAIN_AFTER_SECONDS = 10;

/** The answers under way that last as long as somebody listens. */
export class OpenStreams {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #open = new Set<OpenStream>();

  constructor({ most, mostOfOne }: { readonly most: number; readonly mostOfOne: number }) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  /**
   * @param who listens: nobody's streams take the place of anybody else's, as long as there is any
   * @param cut ends the connection whether or not anything more can be told
   * @throws RateLimitedError
   */
  open(who: string, cut: () => void): OpenStream {
    const own = [...this.#open].filter((stream) => stream.who === who).length;
    if (own >= this.#mostOfOne) {
      throw refusal(`You have ${own} streams open, and more are not allowed. End one of them first.`);
    }
    if (this.#open.size >= this.#most) throw refusal('Too many streams are open here. Ask by queries for now.');
    const stream = new OpenStream(who, cut);
    this.#open.add(stream);
    stream.closed.then(() => this.#open.delete(stream));
    return stream;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Ends all of them; those whose clients do not take it in are cut. */
  async end(): Promise<void> {
    const streams = [...this.#open];
    for (const stream of streams) stream.end();
    await Promise.all(streams.map(({ closed }) => closed));
  }
}

function refusal(message: string): RateLimitedError {
  return new RateLimitedError(message, TRY_AGAIN_AFTER_SECONDS);
}

export class OpenStream {
  readonly who: string;
  /** The connection is gone. */
  readonly closed: Promise<void>;
  readonly #ending = new AbortController();
  readonly #closing = new AbortController();
  readonly #cut: () => void;

  constructor(who: string, cut: () => void) {
    this.who = who;
    this.#cut = cut;
    this.closed = new Promise((resolve) => this.#closing.signal.addEventListener('abort', () => resolve()));
  }

  /** Given when there is no more to be told; its reason is a DomainError when the client is to be told that. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** @param reason null: whoever listens may at once ask again, here or elsewhere */
  end(reason: DomainError | null = null): void {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort(reason ?? undefined);
    wait(LONGEST_FAREWELL_MS, undefined, { signal: this.#closing.signal }).then(this.#cut, () => undefined);
  }

  /** To be called when the connection is gone, for whatever reason. */
  close(): void {
    this.#closing.abort();
    this.end();
  }
}
