import pg from 'pg';
import { databaseUrl } from './test-database.ts';
import type { TestServer } from './test-installation.ts';

async function asCluster(server: TestServer, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(server.database.ownerUrl, 'postgres') });
  await client.connect();
  const name = new URL(server.database.ownerUrl).pathname.slice(1);
  for (const sql of statements) await client.query(sql.replaceAll('$database', name));
  await client.end();
}

/** Nobody gets in any more, and whoever is in is thrown out. */
export function takeDatabaseAway(server: TestServer): Promise<void> {
  const out = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '$database'`;
  return asCluster(server, 'alter database $database allow_connections false', out);
}

export function giveDatabaseBack(server: TestServer): Promise<void> {
  return asCluster(server, 'alter database $database allow_connections true');
}
