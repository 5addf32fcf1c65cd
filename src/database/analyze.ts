import pg from 'pg';

/** Brings the planner's statistics up to date, which autovacuum would do a minute later. Only the owner may. */
export async function analyze(ownerConnectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerConnectionString });
  await client.connect();
  await client.query('analyze').finally(() => client.end());
}
