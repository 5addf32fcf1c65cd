import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { deleteOldDeliveries } from './webhook-delivery.repository.ts';

const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;
const BATCH = 5000;

/** The log of deliveries is kept for 30 days; what waits stays. */
export async function forgetDeliveries({ database }: Services, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_FOR_MS);
  while ((await database.withTransaction(PLATFORM_SCOPE, (tx) => deleteOldDeliveries(tx, before, BATCH))) === BATCH) {
    // until none is left
  }
}
