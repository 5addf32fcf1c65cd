import { withOwnConnection } from './own-connection.ts';

/** Brings the planner's statistics up to date, which autovacuum would do a minute later. Only the owner may. */
export async function analyze(ownerConnectionString: string): Promise<void> {
  await withOwnConnection(ownerConnectionString, (client) => client.query('analyze'));
}
