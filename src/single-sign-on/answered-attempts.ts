import { createHash } from 'node:crypto';
import { type RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { rateLimiter } from '../authentication/rate-limiter.ts';
import type { Database } from '../database/database.ts';
import { ATTEMPT_LIFETIME_SECONDS } from './sign-in-attempt.ts';

/** A second answer to one attempt is none, at whichever process, and the issuer is not asked again. */
export class AnsweredAttempts {
  readonly #answers: RateLimiterPostgres;

  constructor(database: Pick<Database, 'pool'>) {
    this.#answers = rateLimiter(database, {
      keyPrefix: 'browser_sign_in',
      points: 1,
      durationSeconds: ATTEMPT_LIFETIME_SECONDS,
    });
  }

  /** @param state of the attempt, of which a digest is kept */
  async isFirst(state: string): Promise<boolean> {
    try {
      await this.#answers.consume(createHash('sha256').update(state).digest('base64url'));
      return true;
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      return false;
    }
  }
}
