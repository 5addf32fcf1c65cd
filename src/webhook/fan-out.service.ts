import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import type { ServiceProviderId } from '../ids.ts';
import { fanOutTo, findRootsToFanOut, lockEndpointsBehind } from './fan-out.repository.ts';

/** Of the chain, in one transaction: the log of a large operation is put in line in steps. */
const BATCH = 1000;

/**
 * Puts what has been sealed into each root's chain in line for the endpoints that are to be told of it, once, in the order
 * of the chain. Any number of processes may do so at once. @returns whether anything was put in line
 */
export async function fanOutEvents(services: Services, isStopping: () => boolean): Promise<boolean> {
  const { database, log } = services;
  const roots = await database.read(PLATFORM_SCOPE, findRootsToFanOut);
  for (const root of roots) {
    try {
      while (!isStopping() && (await fanOutBatch(services, root))) {
        // until it has caught up
      }
    } catch (error) {
      log.error({ err: error, rootProviderId: root }, 'putting events in line for webhooks failed; it is tried again');
    }
  }
  return roots.length > 0;
}

/** @returns whether there is more */
function fanOutBatch({ database }: Services, root: ServiceProviderId): Promise<boolean> {
  return database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const endpoints = await lockEndpointsBehind(tx, root);
    const [first] = endpoints;
    if (first === undefined) return false;
    const from = Math.min(...endpoints.map(({ cursor }) => cursor));
    const through = Math.min(first.head, from + BATCH);
    await fanOutTo(tx, root, endpoints, through, new Date());
    return through < first.head;
  });
}
