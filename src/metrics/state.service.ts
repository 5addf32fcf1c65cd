import { findOldestUnsealed } from '../audit/audit-chain.repository.ts';
import type { Services } from '../context.ts';
import type { Database } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { remembered } from './remembered.ts';
import { countKeyStates, listScheduledJobs } from './state.repository.ts';
import type { JobState, PoolState, StateSource } from './state.ts';

const MINUTE_MS = 60_000;
const MOMENT_MS = 5000;

/**
 * What a scrape asks the database, seldom and over the connections of the background.
 * @param lookAtJobs asks the queue, whose tables are its owner's
 * @param tasks the names of what is done each minute
 */
export function createStateSource(
  { database, decisionDatabase }: Services,
  background: Services,
  lookAtJobs: () => Promise<JobState>,
  tasks: readonly string[],
): StateSource {
  const own = background.database;
  return {
    pools: () => [
      poolState('requests', database),
      poolState('decisions', decisionDatabase),
      poolState('background', own),
    ],
    jobs: remembered(MOMENT_MS, lookAtJobs),
    scheduledJobs: remembered(MOMENT_MS, () => own.read(PLATFORM_SCOPE, (tx) => listScheduledJobs(tx, tasks))),
    keyStates: remembered(MINUTE_MS, () => own.read(PLATFORM_SCOPE, countKeyStates)),
    oldestUnsealed: remembered(MOMENT_MS, () => own.read(PLATFORM_SCOPE, findOldestUnsealed)),
  };
}

function poolState(name: PoolState['name'], { pool }: Database): PoolState {
  const { totalCount, idleCount, waitingCount, options } = pool;
  return { name, busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: options.max ?? 0 };
}
