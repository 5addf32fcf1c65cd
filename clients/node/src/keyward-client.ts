import { KeySource } from './key-source.ts';
import { KeywardError } from './keyward-error.ts';
import { discard, sendPatiently, type Terms } from './send.ts';
import { type Session, Sessions } from './sessions.ts';

export { KeywardError, type KeywardErrorCode } from './keyward-error.ts';

export interface KeywardClientOptions {
  /** What paths are appended to: the API that the key opens. */
  readonly baseUrl: string | URL;
  /** Where Keyward answers, when that is not at `baseUrl`. */
  readonly keywardUrl?: string | URL;
  /** Whose key it is: the organization's id or external id. */
  readonly organization: string;
  /** A service account of the organization with the permission `apiKey:reveal`. */
  readonly serviceAccount: { readonly clientId: string; readonly clientSecret: string };
  /** Who logs in. Left out: calls show the key itself, as `X-Api-Key` with `X-Organization`. */
  readonly user?: { readonly username: string; readonly password: string };
  /** After how long without a use Keyward ends a session: 5 minutes. */
  readonly idleTimeoutMs?: number;
  /** How often to look for another key. Left out: when a call is refused. */
  readonly pollMs?: number;
  /** How long one attempt may take until its answer begins: 30 seconds. */
  readonly timeoutMs?: number;
  /** How long each request is tried again after 429, 5xx or no answer: 30 seconds. */
  readonly patienceMs?: number;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
}

const IDLE_TIMEOUT_MS = 5 * 60_000;
const TIMEOUT_MS = 30_000;
const PATIENCE_MS = 30_000;
/** Whoever sends one of these twice has done no more than whoever sends it once. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Makes calls with an organization's key, and goes on when the key is rotated: a call that is refused is made once more, with
 * the key as it is then. All calls share one session. Nothing is logged; no error holds a secret.
 */
export class KeywardClient {
  readonly #baseUrl: string;
  readonly #terms: Terms;
  readonly #sessions: Sessions;
  readonly #closing = new AbortController();
  #pollTimer: NodeJS.Timeout | undefined;

  constructor(options: KeywardClientOptions) {
    const { serviceAccount, user = null, organization, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
    this.#baseUrl = withoutSlash(options.baseUrl);
    const keywardUrl = withoutSlash(options.keywardUrl ?? options.baseUrl);
    this.#terms = {
      fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      signal: this.#closing.signal,
    };
    const { clientId, clientSecret } = serviceAccount;
    const shared = { keywardUrl, organization, terms: this.#terms };
    const keys = new KeySource({ ...shared, clientId, clientSecret });
    this.#sessions = new Sessions({ ...shared, user, idleTimeoutMs, keys });
    if (options.pollMs !== undefined) this.#pollLater(options.pollMs);
  }

  /**
   * Like the global `fetch`, below `baseUrl`. After 401 the call is made once more, with the key as it is then; after 429, 5xx
   * or no answer it is tried again for a while, unless it may have been worked on (POST, PATCH). A stream is sent once.
   * Redirects are not followed: what lets calls in goes nowhere else.
   * @returns the last answer, whatever its status
   * @throws KeywardError; the reason of `init.signal` once it is aborted
   */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const first = await this.#call(path, init);
    if (first.response.status !== 401 || init.body instanceof ReadableStream) return first.response;
    await discard(first.response);
    this.#sessions.drop(first.session);
    return (await this.#call(path, init)).response;
  }

  /** Ends the session. Calls under way fail with `CLOSED`, as those do that come later. */
  async close(): Promise<void> {
    clearTimeout(this.#pollTimer);
    this.#closing.abort(new KeywardError('CLOSED', 'The client is closed.'));
    await this.#sessions.close();
  }

  async #call(path: string, init: RequestInit): Promise<{ readonly response: Response; readonly session: Session }> {
    const url = `${this.#baseUrl}${path.startsWith('/') ? '' : '/'}${path}`;
    const closing = this.#closing.signal;
    const signal = init.signal == null ? closing : AbortSignal.any([closing, init.signal]);
    signal.throwIfAborted();
    let session: Session | null = null;
    const make = async () => {
      session = await unlessAborted(this.#sessions.get(), signal);
      return { url, init: { ...init, headers: withCredentials(init.headers, session) } };
    };
    const isStream = init.body instanceof ReadableStream;
    const mayRepeat = !isStream && REPEATABLE.has((init.method ?? 'GET').toUpperCase());
    const patience = isStream ? { patienceMs: 0 } : {};
    const response = await sendPatiently(make, { ...this.#terms, ...patience, signal }, mayRepeat);
    const used = requireSession(session);
    if (response.status !== 401) used.lastUsedAtMs = performance.now();
    return { response, session: used };
  }

  #pollLater(pollMs: number): void {
    const delayMs = pollMs * (0.9 + Math.random() * 0.2);
    this.#pollTimer = setTimeout(() => void this.#poll(pollMs), delayMs).unref();
  }

  /** What fails here is found out again by the next call, or by the next look. */
  async #poll(pollMs: number): Promise<void> {
    await this.#sessions.renew().catch(() => undefined);
    if (!this.#closing.signal.aborted) this.#pollLater(pollMs);
  }
}

function withoutSlash(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function requireSession(session: Session | null): Session {
  if (session === null) throw new Error('a call was made without a session');
  return session;
}

/** A cookie of the caller's own stays. */
function withCredentials(given: RequestInit['headers'], session: Session): Headers {
  const headers = new Headers(given);
  for (const [name, value] of Object.entries(session.headers)) {
    const own = name === 'cookie' ? headers.get(name) : null;
    headers.set(name, own === null ? value : `${own}; ${value}`);
  }
  return headers;
}

/** The login goes on for everybody else. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended.signal });
  });
  return Promise.race([promise, aborted]).finally(() => ended.abort());
}
