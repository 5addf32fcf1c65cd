import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../database/database.ts';

interface Limit {
  /** Tells what is counted from what others count in the same table. */
  readonly keyPrefix: string;
  readonly points: number;
  readonly durationSeconds: number;
  /** From so many points on a key is refused out of the process's own memory. */
  readonly inMemoryBlockOnConsumed?: number;
}

type Query = { readonly text: string; readonly values: readonly unknown[] };

/** Counts in the database: for all processes together, and over restarts. What is over is deleted by a scheduled job. */
export function rateLimiter({ pool }: Pick<Database, 'pool'>, limit: Limit): RateLimiterPostgres {
  const { keyPrefix, points, durationSeconds: duration, inMemoryBlockOnConsumed } = limit;
  // Without names: a pooler in front of the database need not know prepared statements.
  const query = ({ text, values }: Query) => pool.query(`/* rate_limit.${keyPrefix} */ ${text.trim()}`, [...values]);
  return new RateLimiterPostgres({
    storeClient: { query },
    storeType: 'client',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: false,
    ...(inMemoryBlockOnConsumed === undefined ? {} : { inMemoryBlockOnConsumed }),
    ...{ keyPrefix, points, duration },
  });
}
