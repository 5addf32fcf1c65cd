import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../database/database.ts';
import { RateLimitedError } from '../errors.ts';
import { AttemptsUnderWay } from './attempts-under-way.ts';
import { networkOf } from './network-of.ts';
import { rateLimiter } from './rate-limiter.ts';

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

/** The attempts from one address at this process: one at a time asks whether it may begin. */
interface Line {
  readonly admission: LimitFunction;
  users: number;
}

/** Until those under way may have ended; not in step with other processes. */
const pauseMs = () => 10 + Math.random() * 30;

/**
 * How often a wrong secret may be tried: counted in the database, so that it outlives a restart and holds for all processes
 * together. Names are kept as digests only: what was typed as a login may be a password.
 */
export class SignInLimit {
  readonly #pool: Database['pool'];
  readonly #counters: RateLimiterPostgres;
  readonly #underWay: AttemptsUnderWay;
  readonly #lines = new Map<string, Line>();

  constructor(database: Pick<Database, 'pool'>) {
    const limit = { keyPrefix: 'sign_in', points: MOST_FAILURES, durationSeconds: WINDOW_SECONDS };
    this.#pool = database.pool;
    this.#counters = rateLimiter(database, limit);
    this.#underWay = new AttemptsUnderWay(database);
  }

  /**
   * Tries a secret. A burst from one address, at whichever processes, begins no more attempts than could fail without a
   * lockout; the others wait for what becomes of them, so that right secrets all get in and wrong ones are never more than five.
   * @param work null: the secret was wrong, or anything else that the caller must not tell from it
   * @throws RateLimitedError before `work` has begun
   */
  async attempt<Result>(names: SignInNames, work: () => Promise<Result | null>): Promise<Result | null> {
    const keys = keysOf(names);
    const line = this.#lineOf(keys.address);
    line.users += 1;
    try {
      const earlier = await line.admission(() => this.#admit(keys));
      try {
        const result = await work();
        await (result === null ? this.#countFailure(keys) : this.#pardon(keys, earlier));
        return result;
      } finally {
        await this.#underWay.leave([keys.address, keys.pair]).catch(() => undefined); // it is forgotten before long
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
    await this.#pool.query('/* rate_limit.forget_expired */ delete from rate_limit where expire <= $1', [
      now.getTime(),
    ]);
  }

  #lineOf(address: string): Line {
    const known = this.#lines.get(address);
    if (known !== undefined) return known;
    const line = { admission: pLimit(1), users: 0 };
    this.#lines.set(address, line);
    return line;
  }

  /** Then it is under way. @returns how often the login has failed from the address before */
  async #admit(keys: Keys): Promise<number> {
    const both = [keys.address, keys.pair];
    for (;;) {
      // Counted before the failures are: what ends meanwhile counts twice, never not at all.
      const [others = 0, same = 0] = await this.#underWay.enter(both);
      const { failures, retryAfterSeconds } = await this.#look(keys);
      const { address, login, pair } = failures;
      if (!isLockedOut({ address: address + others, login: login + same, pair: pair + same })) return pair;
      await this.#underWay.leave(both);
      if (isLockedOut(failures)) {
        throw new RateLimitedError(
          'Too many failed attempts to sign in. Wait a minute, then try again.',
          retryAfterSeconds,
        );
      }
      await wait(pauseMs());
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
