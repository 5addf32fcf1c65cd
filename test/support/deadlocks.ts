import { expect } from 'vitest';
import type { TestDatabase } from './test-database.ts';

/** How many deadlocks PostgreSQL has broken in this database. Ends the program's connections: they report as they go. */
export async function countDeadlocks(database: TestDatabase): Promise<number> {
  const others = `from pg_stat_activity where datname = current_database() and application_name = 'keyward'`;
  await database.query(`select pg_terminate_backend(pid) ${others}`);
  await expect.poll(() => database.query(`select pid ${others}`), { timeout: 10_000 }).toEqual([]);
  const [row] = await database.query<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}
