import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Authenticate } from '../authentication/authenticate.ts';
import { RateLimitedError } from '../errors.ts';

const MINUTE_SECONDS = 60;

/**
 * Lets each actor send so many requests a minute through this process, whatever the route and however many tokens they use.
 * Nobody's requests count for anybody else, and requests of nobody in particular not at all.
 * @returns `authenticate`, which then also throws RateLimitedError
 */
export function withRequestBudget(authenticate: Authenticate, requestsPerMinute: number): Authenticate {
  const budgets = new RateLimiterMemory({ points: requestsPerMinute, duration: MINUTE_SECONDS });
  return async (credentials, now) => {
    const actor = await authenticate(credentials, now);
    if (actor !== null && actor.id !== null) await budgets.consume(actor.id).catch(refuse);
    return actor;
  };

  function refuse(reason: unknown): never {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    const seconds = Math.max(1, Math.ceil(reason.msBeforeNext / 1000));
    throw new RateLimitedError(
      `You have sent more than ${requestsPerMinute} requests in a minute. Wait ${seconds} s, then send fewer.`,
      seconds,
    );
  }
}
