import { createHash } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../database/database.ts';
import { RateLimitedError } from '../errors.ts';
import { networkOf } from './network-of.ts';

const MOST_FAILURES = 5;
const WINDOW_SECONDS = 60;
/** Of those refused, so many from one address in a window are written down. */
const MOST_RECORDS = 20;

/** Whose secret is tried, and from where. */
export interface SignInNames {
  /** With its kind before it, so that no two kinds of login share a count: `person:ann@example.com`. */
  readonly login: string;
  readonly address: string | null;
}

/** Failures in the window, of the address, of the login, and of the login from that address. */
export interface Failures {
  readonly address: number;
  readonly login: number;
  readonly pair: number;
}

/** Of an address after five failures; of a login after five only for who had a part in them, so that nobody locks another out. */
export function isLockedOut({ address, login, pair }: Failures): boolean {
  return address >= MOST_FAILURES || (login >= MOST_FAILURES && pair >= 1);
}

type Keys = { readonly [Name in keyof Failures]: string };

/** The attempts from one address, of which each may turn out to be a failure. */
interface Line {
  /** One at a time asks whether it may begin. */
  readonly admission: LimitFunction;
  readonly underWay: Set<Attempt>;
  users: number;
}

interface Attempt {
  readonly pair: string;
  /** Resolves when its outcome is counted. */
  readonly counted: PromiseWithResolvers<void>;
}

/**
 * How often a wrong secret may be tried: counted in the database, so that it outlives a restart and holds for all processes
 * together. Names are kept as digests only: what was typed as a login may be a password.
 */
export class SignInLimit {
  readonly #query: (statement: { text: string; values: readonly unknown[] }) => Promise<unknown>;
  readonly #counters: RateLimiterPostgres;
  readonly #lines = new Map<string, Line>();

  constructor({ pool }: Pick<Database, 'pool'>) {
    // Without names: a pooler in front of the database need not know prepared statements.
    this.#query = ({ text, values }) => pool.query(`/* sign_in_limit */ ${text.trim()}`, [...values]);
    this.#counters = new RateLimiterPostgres({
      storeClient: { query: this.#query },
      storeType: 'client',
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: 'sign_in',
      points: MOST_FAILURES,
      duration: WINDOW_SECONDS,
    });
  }

  /**
   * Tries a secret. A burst from one address begins no more attempts than could fail without a lockout; the others wait
   * for what becomes of them, so that right secrets all get in and wrong ones are never more than five.
   * @param work null: the secret was wrong, or anything else that the caller must not tell from it
   * @throws RateLimitedError before `work` has begun
   */
  async attempt<Result>(names: SignInNames, work: () => Promise<Result | null>): Promise<Result | null> {
    const keys = keysOf(names);
    const line = this.#lineOf(keys.address);
    line.users += 1;
    try {
      const attempt = { pair: keys.pair, counted: Promise.withResolvers<void>() };
      const earlier = await line.admission(() => this.#admit(line, attempt, keys));
      try {
        const result = await work();
        await (result === null ? this.#countFailure(keys) : this.#pardon(keys, earlier));
        return result;
      } finally {
        line.underWay.delete(attempt);
        attempt.counted.resolve();
      }
    } finally {
      line.users -= 1;
      if (line.users === 0) this.#lines.delete(keys.address);
    }
  }

  /** Whether a refusal is to be written down: the first of each login from an address in a window, and not without end. */
  async isWorthRecording(names: SignInNames): Promise<boolean> {
    const keys = keysOf(names);
    const ofAddress = await this.#counters.penalty(`refused:${keys.address}`);
    if (ofAddress.consumedPoints > MOST_RECORDS) return false;
    return (await this.#counters.penalty(`refused:${keys.pair}`)).consumedPoints === 1;
  }

  /** Deletes counters whose window is over. */
  async forgetExpired(now: Date): Promise<void> {
    await this.#query({ text: 'delete from rate_limit where expire <= $1', values: [now.getTime()] });
  }

  #lineOf(address: string): Line {
    const known = this.#lines.get(address);
    if (known !== undefined) return known;
    const line = { admission: pLimit(1), underWay: new Set<Attempt>(), users: 0 };
    this.#lines.set(address, line);
    return line;
  }

  /** @returns how often the login has failed from the address before */
  async #admit(line: Line, attempt: Attempt, keys: Keys): Promise<number> {
    for (;;) {
      // Counted before the database is asked: what ends meanwhile counts twice, never not at all.
      const others = [...line.underWay];
      const { failures, retryAfterSeconds } = await this.#look(keys);
      if (isLockedOut(failures)) {
        throw new RateLimitedError(
          'Too many failed attempts to sign in. Wait a minute, then try again.',
          retryAfterSeconds,
        );
      }
      const same = others.filter(({ pair }) => pair === attempt.pair).length;
      const { address, login, pair } = failures;
      if (!isLockedOut({ address: address + others.length, login: login + same, pair: pair + same })) {
        line.underWay.add(attempt);
        return pair;
      }
      if (line.underWay.size === others.length) await Promise.race(others.map(({ counted }) => counted.promise));
    }
  }

  async #look(keys: Keys): Promise<{ failures: Failures; retryAfterSeconds: number }> {
    const [address, login, pair] = await Promise.all([
      this.#counters.get(keys.address),
      this.#counters.get(keys.login),
      this.#counters.get(keys.pair),
    ]);
    const failures = {
      address: address?.consumedPoints ?? 0,
      login: login?.consumedPoints ?? 0,
      pair: pair?.consumedPoints ?? 0,
    };
    const ofPairMs = Math.min(login?.msBeforeNext ?? 0, pair?.msBeforeNext ?? 0);
    const untilMs = failures.address >= MOST_FAILURES ? (address?.msBeforeNext ?? 0) : ofPairMs;
    return { failures, retryAfterSeconds: Math.max(1, Math.ceil(untilMs / 1000)) };
  }

  async #countFailure({ address, login, pair }: Keys): Promise<void> {
    await Promise.all([address, login, pair].map((key) => this.#counters.penalty(key)));
  }

  /** What the login's owner mistyped here does not count any more. Other logins' failures stay. */
  async #pardon(keys: Keys, failures: number): Promise<void> {
    if (failures === 0 || !(await this.#counters.delete(keys.pair))) return;
    for (const key of [keys.address, keys.login]) {
      const counter = await this.#counters.get(key);
      if (counter !== null && counter.consumedPoints >= failures) await this.#counters.reward(key, failures);
    }
  }
}

function keysOf({ login, address }: SignInNames): Keys {
  const network = address === null ? null : networkOf(address);
  return { address: digest('address', network), login: digest('login', login), pair: digest('pair', login, network) };
}

function digest(...names: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('base64url');
}
