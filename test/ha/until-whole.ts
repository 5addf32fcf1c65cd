import { expect } from 'vitest';
import type { HaCluster } from '../support/ha-cluster.ts';

const PATIENCE = { timeout: 60_000, interval: 250 };

/** A replica that runs may not follow the primary yet. */
export async function untilWhole({ members, database }: HaCluster): Promise<void> {
  const roles = async () => (await members()).map(({ role, state }) => `${role} ${state}`).sort();
  const following = () => database.query(`select from pg_stat_replication where state = 'streaming'`);
  await expect.poll(roles, PATIENCE).toEqual(['leader running', 'replica running', 'sync_standby running']);
  await expect.poll(async () => (await following().catch(() => [])).length, PATIENCE).toBe(2);
}
