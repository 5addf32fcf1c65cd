import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { doingNothing } from '../watching/current.ts';

/** Idle connections that the server has ended; not those that the program closes itself, whose last word may be an error. */
export function reportLostConnections(pool: Pool, log: Logger): void {
  pool.on('error', (error) => {
    if (pool.ending) return;
    // Not by the request that the connection was once opened for.
    doingNothing(() => log.warn({ err: error, pool: pool.options.application_name }, 'idle database connection lost'));
  });
}
