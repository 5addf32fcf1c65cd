import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import { oldestDayWithHours } from './usage-history.ts';
import { findRootsToRollUp, rollUpHours } from './usage-view.repository.ts';

const MOST_AT_ONCE = 5000;

/** Makes old hours into days, so that a year of them is small. Any number of processes may do it at the same time. */
export async function rollUpUsage(services: Services, now: Date): Promise<void> {
  const { database } = services;
  const before = oldestDayWithHours(now);
  const roots = await database.read(PLATFORM_SCOPE, (tx) => findRootsToRollUp(tx, before));
  await eachAlone(services, 'rolling up usage', roots, async (root) => {
    for (let taken = MOST_AT_ONCE; taken === MOST_AT_ONCE; ) {
      taken = await database.withTransaction(PLATFORM_SCOPE, (tx) => rollUpHours(tx, root, before, MOST_AT_ONCE));
    }
  });
}
