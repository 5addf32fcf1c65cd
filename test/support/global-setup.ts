import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts';
import { migrateJobQueue } from '../../src/database/job-queue.ts';
import { migrate } from '../../src/database/migrate.ts';
import { flushCanary, keepForSearch } from './canary/places.ts';
import { databaseUrl, TEMPLATE_DATABASE } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's connection string of the test cluster. */
    readonly postgresUrl: string;
  }
}

/**
 * One real PostgreSQL for the whole run, with a migrated template database that every test file clones. It is the embedded
 * one, or the one of KEYWARD_TEST_DATABASE_URL (as a superuser), to try another version.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['KEYWARD_TEST_DATABASE_URL'];
  const server = given === undefined ? await startOwnServer() : { url: given, stop: async () => undefined };
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`drop database if exists ${TEMPLATE_DATABASE}`);
  await client.query(`create database ${TEMPLATE_DATABASE}`);
  await client.end();
  const template = databaseUrl(server.url, TEMPLATE_DATABASE);
  await migrate(template);
  await migrateJobQueue(template, pino({ level: 'silent' }));
  project.provide('postgresUrl', server.url);
  return server.stop;
}

async function startOwnServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward-test-'));
  const postgres = await startEmbeddedPostgres(dataDir, {
    // Nothing here outlives the run; tests of crashes start a server of their own. Its log tells of every statement that
    // failed, and with which values: more than is ever told in earnest, and not even there may a secret stand.
    settings: {
      fsync: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      log_error_verbosity: 'default',
      log_min_error_statement: 'error',
      log_parameter_max_length_on_error: '-1',
    },
  });
  const stop = async () => {
    await postgres.stop();
    keepForSearch('log of PostgreSQL', await readFile(join(dataDir, 'postgres.log'), 'utf8'));
    flushCanary();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: postgres.connectionString, stop };
}
