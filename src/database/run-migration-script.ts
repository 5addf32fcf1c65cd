import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** How long a migration may make others wait, and how often it tries. */
export interface LockPatience {
  /** While a script waits for a table, whoever comes after it waits too: less than a decision may take. */
  readonly longestWaitMs: number;
  readonly attempts: number;
  /** The pause after the first attempt; each one after it is longer by as much, up to ten times. */
  readonly pauseMs: number;
}

/** About two and a half minutes in all. */
export const LOCK_PATIENCE: LockPatience = { longestWaitMs: 500, attempts: 30, pauseMs: 500 };

const LONGEST_PAUSE = 10;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

/**
 * The script's own transaction writes that it is finished. So a row that is not, once this lock is free, is that of a script
 * that was rolled back, however its process ended.
 */
const FINISH = `DO $keyward$ BEGIN
  UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
  IF NOT FOUND THEN RAISE EXCEPTION 'another process has begun this migration anew'; END IF;
END $keyward$;`;

/** Says who the backend with this process id waits for, as a list of lines; empty when it waits for nobody. */
export type FindBlockers = (pid: number) => Promise<string[]>;

/** Only such a script can leave something behind when it fails; PostgreSQL rolls back any other as a whole. */
export function endsTransactions(sql: string): boolean {
  return /\b(COMMIT|CONCURRENTLY)\b/i.test(sql);
}

/**
 * Runs a script as one transaction that gives up a lock which it cannot have at once, and tries again later. A script that
 * ends transactions itself runs as it is: what it has done cannot be done again.
 * @throws Error that names who was in the way, after the last attempt; and what PostgreSQL says of any other failure
 */
export async function runMigrationScript(
  pool: pg.Pool,
  script: string,
  patience: LockPatience,
  findBlockers: FindBlockers,
): Promise<void> {
  if (endsTransactions(script)) {
    await pool.query(script);
    return;
  }
  const { longestWaitMs, attempts, pauseMs } = patience;
  const limited = `SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${longestWaitMs};\n${FINISH}\n${script}`;
  for (let attempt = 1; ; attempt++) {
    const blockers = await tryOnce(pool, limited, longestWaitMs, findBlockers);
    if (blockers === null) return;
    if (attempt === attempts) throw new Error(lockRefusal(patience, blockers));
    await wait(pauseMs * Math.min(attempt, LONGEST_PAUSE));
  }
}

/** @returns null when it succeeded; otherwise who held a lock that it needs */
async function tryOnce(
  pool: pg.Pool,
  script: string,
  longestWaitMs: number,
  findBlockers: FindBlockers,
): Promise<string[] | null> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('/* migrate:pid */ SELECT pg_backend_pid() AS pid');
    const looking = new AbortController();
    const blockers = watch(rows[0]?.pid ?? 0, longestWaitMs / 4, findBlockers, looking.signal);
    try {
      await client.query(script);
      return null;
    } catch (error) {
      if (!isLockFailure(error)) throw error;
      looking.abort();
      return await blockers;
    } finally {
      looking.abort();
      await blockers;
    }
  } finally {
    client.release();
  }
}

/** Looks again and again: only while it waits can be told for whom. @returns what was seen last */
async function watch(
  pid: number,
  intervalMs: number,
  findBlockers: FindBlockers,
  stopped: AbortSignal,
): Promise<string[]> {
  let seen: string[] = [];
  while (!stopped.aborted) {
    await wait(intervalMs, undefined, { signal: stopped }).catch(() => undefined);
    if (stopped.aborted) break;
    const found = await findBlockers(pid).catch(() => []);
    if (found.length > 0) seen = found;
  }
  return seen;
}

function isLockFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === LOCK_NOT_AVAILABLE || error.code === DEADLOCK_DETECTED);
}

function lockRefusal({ longestWaitMs, attempts }: LockPatience, blockers: readonly string[]): string {
  const inTheWay = blockers.length === 0 ? 'somebody else holds it' : `it is held by ${blockers.join(', and by ')}`;
  return `it could not lock a table that it changes in ${attempts} attempts of ${longestWaitMs} ms each: ${inTheWay}. Wait until that has ended, or end it with pg_terminate_backend(pid)`;
}
