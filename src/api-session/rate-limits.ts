import { createHash } from 'node:crypto';
import { type RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from '../authentication/network-of.ts';
import { rateLimiter } from '../authentication/rate-limiter.ts';
import type { Database } from '../database/database.ts';
import { RateLimitedError } from '../errors.ts';
import { fold } from '../text.ts';

const MOST_LOGINS_PER_SECOND = 2;
/** One client asks whether its session lives before every request that it sends. */
const MOST_LOOKS_PER_SECOND = 50;

/** Counted in the database, so that they hold for all processes together. Names are kept as digests only. */
export class ApiRateLimits {
  readonly #logins: RateLimiterPostgres;
  readonly #looks: RateLimiterPostgres;

  constructor(database: Pick<Database, 'pool'>) {
    const perSecond = (keyPrefix: string, points: number) =>
      rateLimiter(database, { keyPrefix, points, durationSeconds: 1, inMemoryBlockOnConsumed: points + 1 });
    this.#logins = perSecond('api_login', MOST_LOGINS_PER_SECOND);
    this.#looks = perSecond('api_session', MOST_LOOKS_PER_SECOND);
  }

  /** Of a login name from an address, whatever becomes of them. @throws RateLimitedError */
  takeLogin(username: string, address: string | null): Promise<void> {
    const network = address === null ? null : networkOf(address);
    return take(this.#logins, digest(fold(username), network), MOST_LOGINS_PER_SECOND);
  }

  /** @param who the session, or where somebody without one comes from. @throws RateLimitedError */
  takeLook(who: string): Promise<void> {
    return take(this.#looks, digest(who), MOST_LOOKS_PER_SECOND);
  }
}

async function take(limiter: RateLimiterPostgres, key: string, perSecond: number): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    const seconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
    throw new RateLimitedError(`Rate Limit (${perSecond}/SECOND) exceeded`, seconds);
  }
}

function digest(...names: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('base64url');
}
