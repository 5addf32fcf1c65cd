import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { test as base } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';

export type Scripts = Readonly<Record<string, string>>;

const databaseNames = (function* () {
  for (let count = 1; ; count += 1) yield `test_${count}`;
})();

export const test = base
  .extend('postgres', { scope: 'file' }, async ({}, { onCleanup }) => {
    const parent = await mkdtemp(join(tmpdir(), 'keyward-test-'));
    const postgres = await startEmbeddedPostgres(join(parent, 'data'));
    onCleanup(async () => {
      await postgres.stop();
      await rm(parent, { recursive: true, force: true });
    });
    return postgres;
  })
  /** The address of an empty database of this test's own. */
  .extend('database', async ({ postgres }) => {
    const name = databaseNames.next().value;
    await run(postgres.connectionString, `CREATE DATABASE ${name}`);
    return withPart(postgres.connectionString, (url) => (url.pathname = name));
  })
  /** Writes a folder of migrations and returns its path. */
  .extend('migrationsOf', async ({}, { onCleanup }) => {
    const parent = await mkdtemp(join(tmpdir(), 'keyward-test-'));
    onCleanup(() => rm(parent, { recursive: true, force: true }));
    return async (scripts: Scripts): Promise<string> => {
      const folder = await mkdtemp(join(parent, 'migrations-'));
      for (const [name, sql] of Object.entries(scripts)) {
        await mkdir(join(folder, name));
        await writeFile(join(folder, name, 'migration.sql'), sql);
      }
      return folder;
    };
  });

export function withPart(connectionString: string, change: (url: URL) => void): string {
  const url = new URL(connectionString);
  change(url);
  return url.href;
}

export async function run(connectionString: string, sql: string): Promise<pg.QueryResult<pg.QueryResultRow>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query<pg.QueryResultRow>(sql);
  } finally {
    await client.end();
  }
}

/** A transaction that has done this, and does not end. */
export async function holding(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString, application_name: 'a report' });
  await client.connect();
  await client.query('BEGIN');
  await client.query(sql);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  let ended: Promise<void> | undefined;
  const release = () => (ended ??= client.end());
  return { pid: rows[0]?.pid, release, [Symbol.asyncDispose]: release };
}
