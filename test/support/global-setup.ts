import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { databaseUrl, TEMPLATE_DATABASE } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's connection string of the test cluster. */
    readonly postgresUrl: string;
  }
}

/** One real PostgreSQL for the whole run, with a migrated template database that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward-test-'));
  const postgres = await startEmbeddedPostgres(dataDir, {
    // Nothing here outlives the run; tests of crashes start a server of their own.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const client = new pg.Client({ connectionString: postgres.connectionString });
  await client.connect();
  await client.query(`create database ${TEMPLATE_DATABASE}`);
  await client.end();
  await migrate(databaseUrl(postgres.connectionString, TEMPLATE_DATABASE));
  project.provide('postgresUrl', postgres.connectionString);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
