import { setTimeout as wait } from 'node:timers/promises';
import type { RequestContext } from '../context.ts';
import { inSight } from '../database/scope.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { BulkOperationRef } from '../ids.ts';
import { findBulkOperation } from './bulk-operation.repository.ts';
import { isFinished } from './bulk-operation.ts';
import type { BulkOperation } from './bulk-operation-row.ts';

const INTERVAL_MS = 500;
/** Who wants to know more by then asks again, and so shows again who they are. */
const LONGEST_MS = 10 * 60_000;

/**
 * The operation as it is now, and again whenever it has moved on, until it has ended. Of one that does not exist or is out
 * of sight there is nothing to tell. It costs a look at one row for each listener and interval, and no write.
 * @throws DomainError `FORBIDDEN`
 */
export async function* watchBulkOperation(
  { actor, database }: RequestContext,
  ref: BulkOperationRef,
): AsyncGenerator<BulkOperation, void, undefined> {
  requirePermission(actor, 'apiKey:view');
  const endsAt = performance.now() + LONGEST_MS;
  for (let told = ''; performance.now() < endsAt; await wait(INTERVAL_MS)) {
    const operation = await database.read(actor.scope, (tx) => findBulkOperation(tx, ref));
    if (operation === null || !inSight(actor.scope, operation)) return;
    const state = JSON.stringify(operation);
    if (state !== told) yield operation;
    told = state;
    if (isFinished(operation.status)) return;
  }
}
