import type pg from 'pg';
import type { TestDatabase } from './test-database.ts';

/** The settings by which policies know whose eyes a transaction has, as the policies themselves name them. */
export async function settingsOfPolicies(database: Pick<TestDatabase, 'query'>): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select distinct (regexp_matches(concat_ws(' ', pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)),
       'keyward\\.\\w+', 'g'))[1] as name from pg_policy`,
  );
  return rows.map(({ name }) => name).sort();
}

export interface Leftover {
  readonly backends: number;
  /** Settings that still have a value, as `name = value`. */
  readonly settings: readonly string[];
  readonly rowsSeen: number;
}

/** What earlier transactions left on the connections of a pool. Takes all of them at once, each in a transaction. */
export async function leftBehind(pool: pg.Pool, size: number, settings: readonly string[]): Promise<Leftover> {
  const clients = await Promise.all(Array.from({ length: size }, () => pool.connect()));
  try {
    await Promise.all(clients.map((client) => client.query('begin')));
    const columns = settings.map((name) => `coalesce(current_setting('${name}', true), '')`);
    const found = await Promise.all(
      clients.map(async (client) => {
        const { rows } = await client.query<{ pid: number; values: string[]; rows: number }>(
          `select pg_backend_pid() as pid, array[${columns.join(', ')}] as values, (select count(*)::int from organization) as rows`,
        );
        return rows[0] ?? { pid: 0, values: [], rows: 0 };
      }),
    );
    return {
      backends: new Set(found.map(({ pid }) => pid)).size,
      settings: found.flatMap(({ values }) =>
        values.flatMap((value, index) => (value === '' ? [] : [`${settings[index]} = ${value}`])),
      ),
      rowsSeen: found.reduce((sum, { rows }) => sum + rows, 0),
    };
  } finally {
    await Promise.all(clients.map((client) => client.query('rollback')));
    for (const client of clients) client.release();
  }
}
