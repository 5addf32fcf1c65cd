import pg from 'pg';
import { distribute } from '../../../src/database/distribution/distribute.ts';
import { installCitus } from '../citus-stand-in.ts';

/** Tables of that many shards: a statement that goes to all of them is told from one that goes to one. */
export const SHARDS = 4;

/** Distributes the tables of a migrated database, over what stands in for Citus. */
export async function distributeOverStandIn(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await installCitus({ query: async (sql) => (await client.query(sql)).rows });
  } finally {
    await client.end();
  }
  await distribute(ownerUrl, { isDryRun: false, say: () => undefined });
}
