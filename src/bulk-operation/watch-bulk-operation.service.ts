import type { RequestContext } from '../context.ts';
import type { Database } from '../database/database.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { BulkOperationRef } from '../ids.ts';
import { SharedLooks } from '../shared-looks.ts';
import { findBulkOperation } from './bulk-operation.repository.ts';
import { isFinished } from './bulk-operation.ts';
import { type BulkOperation, seesOperation } from './bulk-operation-row.ts';

const INTERVAL_MS = 500;

/** Of each database that this process works on. */
const looksAt = new WeakMap<Database, SharedLooks<BulkOperation | null>>();

/**
 * The operation as it is now, and again whenever it has moved on, until it has ended or the signal is given. Of one that
 * does not exist or is out of sight there is nothing to tell.
 *
 * It costs a look at one row each interval, and no write. Those who listen to it with the same scope share that look, and
 * nobody else does: it is taken under row-level security with their own eyes, as if they were alone.
 * @throws DomainError `FORBIDDEN`
 */
export function watchBulkOperation(
  ctx: RequestContext,
  ref: BulkOperationRef,
  signal: AbortSignal,
): AsyncGenerator<BulkOperation, void, undefined> {
  requirePermission(ctx.actor, 'apiKey:view');
  return states(ctx, ref, signal);
}

async function* states(
  { actor, database }: RequestContext,
  ref: BulkOperationRef,
  signal: AbortSignal,
): AsyncGenerator<BulkOperation, void, undefined> {
  const { scope } = actor;
  const look = () => database.read(scope, (tx) => findBulkOperation(tx, ref));
  let told = '';
  for await (const operation of looksOf(database).watch(JSON.stringify([scope, ref]), look, signal)) {
    if (operation === null || !seesOperation(actor, operation)) return;
    const state = JSON.stringify(operation);
    if (state !== told) yield operation;
    told = state;
    if (isFinished(operation.status)) return;
  }
}

function looksOf(database: Database): SharedLooks<BulkOperation | null> {
  const known = looksAt.get(database);
  if (known !== undefined) return known;
  const looks = new SharedLooks<BulkOperation | null>(INTERVAL_MS);
  looksAt.set(database, looks);
  return looks;
}
