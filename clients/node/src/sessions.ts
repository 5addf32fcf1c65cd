import { setTimeout as wait } from 'node:timers/promises';
import { codeIn, type FetchedKey, type KeySource, unexpected } from './key-source.ts';
import { KeywardError } from './keyward-error.ts';
import { obfuscate } from './obfuscate.ts';
import { discard, sendPatiently, type Terms } from './send.ts';

export interface SessionOptions {
  readonly keywardUrl: string;
  readonly organization: string;
  /** Null: calls show the key itself. */
  readonly user: { readonly username: string; readonly password: string } | null;
  /** After how long without a use Keyward ends a session. */
  readonly idleTimeoutMs: number;
  readonly keys: KeySource;
  readonly terms: Terms;
}

/** What calls are let in by. */
export interface Session {
  readonly key: FetchedKey;
  /** What each call carries. */
  readonly headers: Readonly<Record<string, string>>;
  lastUsedAtMs: number;
}

const PATH = '/api/v1/authenticatedSession';
const MOST_LOGINS = 3;
/** For so long nobody tries again what was refused: five failures within a minute lock the name out. */
const REFUSED_FOR_MS = 30_000;
/** Which part of the idle time-out may pass before a session is used for its own sake. */
const KEPT_ALIVE_AFTER = 0.6;

/** The one session that all calls share: opened when it is needed, kept alive, replaced when it has ended. */
export class Sessions {
  readonly #options: SessionOptions;
  #current: Session | null = null;
  #opening: Promise<Session> | null = null;
  #refusal: { readonly error: KeywardError; readonly untilMs: number } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #lastTimestampMs = 0;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The session that there is, or a new one. However many ask, one login is made. @throws KeywardError */
  get(): Promise<Session> {
    return this.#current === null ? this.replace() : Promise.resolve(this.#current);
  }

  /** A call was refused with it. Whoever was refused with an older one changes nothing. */
  drop(session: Session): void {
    if (this.#current === session) this.#current = null;
  }

  /** Opens another session; calls go on with the one that there is until then. @throws KeywardError */
  replace(): Promise<Session> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Opens another session when there is one, and the key is another one by now. @throws KeywardError */
  async renew(): Promise<void> {
    if (this.#current === null) return;
    const key = await this.#options.keys.current();
    if (this.#current !== null && this.#current.key !== key) await this.replace();
  }

  /** Ends the session, at Keyward as well when it can be reached. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#opening?.catch(() => undefined);
    const session = this.#current;
    this.#current = null;
    if (session === null || this.#options.user === null) return;
    const { keywardUrl, terms } = this.#options;
    const signal = AbortSignal.timeout(terms.timeoutMs);
    const last = { ...terms, patienceMs: 0, signal };
    const init = { method: 'DELETE', headers: session.headers };
    await sendPatiently(() => ({ url: `${keywardUrl}${PATH}`, init }), last).then(discard, () => undefined);
  }

  async #open(): Promise<Session> {
    if (this.#refusal !== null && this.#refusal.untilMs > performance.now()) throw this.#refusal.error;
    const { keys, user, organization } = this.#options;
    let key = await keys.current();
    if (user === null) return this.#begin(key, { 'x-api-key': key.apiKey, 'x-organization': organization });
    for (let login = 1; ; login++) {
      const id = await this.#logIn(key, user);
      if (id !== null) return this.#begin(key, { cookie: `JSESSIONID=${id}` });
      // The key was rotated a moment ago, or another program of the organization logged in within the same millisecond.
      await wait(50 + Math.random() * 450, undefined, { signal: this.#options.terms.signal });
      const next = await keys.current();
      if (login === MOST_LOGINS || (login > 1 && next === key)) throw this.#refused();
      key = next;
    }
  }

  #begin(key: FetchedKey, headers: Session['headers']): Session {
    const session = { key, headers, lastUsedAtMs: performance.now() };
    this.#current = session;
    this.#refusal = null;
    this.#keepAliveLater();
    return session;
  }

  #refused(): KeywardError {
    const message = 'Keyward refuses the login. Check the user name, the password and the clock of this machine.';
    const error = new KeywardError('LOGIN_REFUSED', message, 400);
    this.#refusal = { error, untilMs: performance.now() + REFUSED_FOR_MS };
    return error;
  }

  /** @returns null when something of it was wrong, and nobody says what */
  async #logIn(key: FetchedKey, { username, password }: NonNullable<SessionOptions['user']>): Promise<string | null> {
    const { keywardUrl, terms } = this.#options;
    const response = await sendPatiently(() => {
      const timestamp = this.#nextTimestamp();
      const body = JSON.stringify({ apiKey: obfuscate(key.apiKey, timestamp), username, password, timestamp });
      const headers = { 'content-type': 'application/json' };
      return { url: `${keywardUrl}${PATH}`, init: { method: 'POST', headers, body } };
    }, terms);
    const { status } = response;
    if (status === 200) {
      await discard(response);
      const id = /^JSESSIONID=([^;]+)/.exec(response.headers.getSetCookie()[0] ?? '')?.[1];
      if (id === undefined) throw unexpected(status);
      return id;
    }
    const code = await codeIn(response);
    if (code === 'AUTHENTICATION_FAILED') return null;
    if (code === 'API_KEY_DISABLED') {
      throw new KeywardError('KEY_DISABLED', 'The key is disabled. Ask the service provider to enable it.', status);
    }
    if (code === 'NOT_SUBSCRIBED') {
      throw new KeywardError('NOT_SUBSCRIBED', 'No subscription holds. Have it renewed.', status);
    }
    throw unexpected(status);
  }

  /** The time, and never the same one twice: Keyward takes each once. */
  #nextTimestamp(): number {
    this.#lastTimestampMs = Math.max(this.#lastTimestampMs + 1, Date.now());
    return this.#lastTimestampMs;
  }

  #keepAliveLater(): void {
    const { user, idleTimeoutMs } = this.#options;
    clearTimeout(this.#timer);
    if (user === null || this.#isClosed || this.#current === null) return;
    const idleMs = performance.now() - this.#current.lastUsedAtMs;
    const delayMs = Math.max(0, idleTimeoutMs * KEPT_ALIVE_AFTER - idleMs);
    this.#timer = setTimeout(() => void this.#keepAlive(), delayMs).unref();
  }

  async #keepAlive(): Promise<void> {
    const { keywardUrl, idleTimeoutMs, terms } = this.#options;
    const session = this.#current;
    if (session === null) return;
    const isIdle = performance.now() - session.lastUsedAtMs >= idleTimeoutMs * KEPT_ALIVE_AFTER;
    if (isIdle) {
      const use = () => ({ url: `${keywardUrl}${PATH}`, init: { headers: session.headers } });
      const response = await sendPatiently(use, terms).catch(() => null);
      if (response !== null) await discard(response);
      if (response?.status === 401) this.drop(session);
      else session.lastUsedAtMs = performance.now(); // or it is asked again at once
    }
    this.#keepAliveLater();
  }
}
