import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { DomainError } from '../errors.ts';
import { constraintName, isConstraint } from './constraint-name.ts';

const MOST_ATTEMPTS = 5;
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * One transaction on one connection, again from the start when it lost a deadlock or a race. `begin` and the first
 * statement travel together: the connection pipelines, and should `begin` fail, the statement sees no row (RLS).
 * @param recoversFrom says of any other error whether another attempt is worth it
 */
export async function runInTransaction<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
  recoversFrom: (error: unknown) => boolean = () => false,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(pool, begin, work);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE) throw busy();
      if (attempt === MOST_ATTEMPTS || !(isRetryable(error) || recoversFrom(error))) throw error;
      await wait(Math.random() * 10 * 2 ** attempt);
    }
  }
}

function busy(): DomainError {
  return new DomainError('BUSY', 'Something else is changing this at the moment. Try again in a few seconds.');
}

function runOnce<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return withClient(pool, async (client, discard) => {
    try {
      const begun = client.query(begin);
      begun.catch(() => undefined); // reported below, after the work that depends on it has failed too
      const result = await work(client);
      await begun;
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error('a statement failed unnoticed and the transaction was rolled back');
      return result;
    } catch (error) {
      await client.query('rollback').catch(discard);
      throw error;
    }
  });
}

/**
 * A transaction whose statements all go out before the first is answered: they, `begin` and `commit` are one packet.
 * @param work sends its statements before it first waits for anything
 */
export function readAtOnce<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return withClient(pool, async (client) => {
    const begun = client.query(begin);
    const result = (async () => work(client))();
    const committed = client.query('commit');
    await Promise.allSettled([begun, result, committed]); // the connection is free again only after all three
    await begun;
    return result;
  });
}

/** @param use is also given how to say that the connection is not to be used again */
async function withClient<Result>(
  pool: pg.Pool,
  use: (client: pg.PoolClient, discard: (reason: Error) => void) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const discard = (reason: Error) => {
    broken = reason;
  };
  // A connection that dies fails its statements, which is how it is noticed; unheard, its event would end the process.
  client.on('error', discard);
  try {
    return await use(client, discard);
  } finally {
    client.off('error', discard);
    client.release(broken);
  }
}

function isRetryable(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED)
  );
}

/** A unique index refused the row: `constraint` names the index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505' && isConstraint(error, constraint);
}

/** A foreign key refused the row, or refused to lose it. @param constraint matches the foreign key's name */
export function isForeignKeyViolation(error: unknown, constraint: RegExp): boolean {
  return error instanceof pg.DatabaseError && error.code === '23503' && constraint.test(constraintName(error));
}
