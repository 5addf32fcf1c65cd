import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { flushCanary, keepForSearch } from './canary/places.ts';

export const TEMPLATE_DATABASE = 'keyward_template';

export function databaseUrl(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

export interface TestDatabase extends AsyncDisposable {
  /** As the owner, whom row-level security does not bind. */
  readonly ownerUrl: string;
  /** One statement as the owner: for looking at what the program has written. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface ClonedDatabase extends TestDatabase {
  readonly name: string;
}

export interface CloneOptions {
  /** Whether the search for secrets after the run sees its rows. */
  readonly isSearched?: boolean;
  /** The name of the database that it is as at first: that of the run is migrated and has no rows. */
  readonly template?: string;
}

/** A database of its own, gone at the end. */
export async function cloneTestDatabase(options: CloneOptions = {}): Promise<ClonedDatabase> {
  const { isSearched = true, template = TEMPLATE_DATABASE } = options;
  const clusterUrl = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const cluster = new pg.Client({ connectionString: clusterUrl });
  await cluster.connect();
  await cluster.query(`create database ${name} template ${template} strategy file_copy`); // half the work of the other one
  const ownerUrl = databaseUrl(clusterUrl, name);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // A pool counts a connection as gone before its socket is closed: the drop below may be quicker.
  owner.on('connect', (client) => client.on('error', () => undefined));
  return {
    name,
    ownerUrl,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) => {
      const { rows } = await owner.query<Row>(sql, [...values]);
      return rows;
    },
    [Symbol.asyncDispose]: async () => {
      if (isSearched) await keepTables(owner);
      await owner.end();
      await connectionsAreGone(cluster, name);
      await cluster.query(`drop database ${name} with (force)`);
      await cluster.query(`drop role if exists keyward_app_${name}`);
      await cluster.end();
    },
  };
}

/** Every row of every table that has had any, for the search for secrets after the run. Bytes are in hex. */
async function keepTables(owner: pg.Pool): Promise<void> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0`,
  );
  for (const { name } of tables) {
    const { rows } = await owner.query<{ text: string | null }>(
      `select string_agg(t::text, E'\\n') as text from ${name} t`,
    );
    keepForSearch(`table ${name}`, rows[0]?.text ?? '');
  }
  flushCanary();
}

const LONGEST_GOODBYE_MS = 5_000;

async function connectionsAreGone(cluster: pg.Client, database: string): Promise<void> {
  const deadline = performance.now() + LONGEST_GOODBYE_MS;
  for (let left = 1; left > 0 && performance.now() < deadline; ) {
    const { rows } = await cluster.query('select pid from pg_stat_activity where datname = $1', [database]);
    left = rows.length;
  }
}
