import { lockSlot } from '../api-key/api-key.repository.ts';
import { openKeyString } from '../api-key/key-material.ts';
import { KeyString } from '../api-key/key-string.ts';
import { auditState, recordToldAgain } from '../api-key/run-key-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkOperationRef } from '../ids.ts';
import { findResultPage } from './bulk-item.repository.ts';
import { type BulkRun, findBulkOperation, findBulkRun } from './bulk-operation.repository.ts';
import { changedThrough, isFinished, isPlanned } from './bulk-operation.ts';
import { sealingContextOf } from './bulk-operation-row.ts';

/** The string that an operation writes. @throws Error once it has ended */
export async function openRunString(
  ctx: Pick<RequestContext, 'keyRing'>,
  tx: Tx,
  { operation, sealed }: BulkRun,
): Promise<KeyString> {
  if (sealed === null) throw new Error('an operation that has ended keeps no string');
  const keys = await ctx.keyRing.of(tx, operation.rootProviderId, sealed.dataKeyVersion);
  const keyString = KeyString.parse(keys.open(sealed, sealingContextOf(operation)).expose());
  if (keyString === null) throw new Error('what was sealed is no key string');
  return keyString;
}

/** Whether nobody has the string: somebody has still to approve the operation, or it has ended and no organization was given it. */
export async function isStringNowhere(ctx: RequestContext, ref: BulkOperationRef): Promise<boolean> {
  const operation = await ctx.database.read(ctx.actor.scope, (tx) => findBulkOperation(tx, ref));
  if (operation === null) return true;
  const { approval, status, changed, unchanged } = operation;
  return approval === 'PENDING' || isPlanned(operation) || (isFinished(status) && changed + unchanged === 0);
}

/** The string that an earlier run generated, a reveal of its own; null once the first organization that got it has another. */
export async function readStringAgain(ctx: RequestContext, ref: BulkOperationRef): Promise<KeyString | null> {
  return ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const run = await findBulkRun(tx, ref);
    if (run === null) return null;
    const { operation } = run;
    const { command } = operation;
    if (command?.kind !== 'SYNC_API_KEY') return null;
    if (run.sealed !== null) {
      await recordToldAgain(tx, ctx, operation, operation.id, { fingerprint: command.fingerprint });
      return openRunString(ctx, tx, run);
    }
    const first = { changedThrough: changedThrough(operation), outcome: 'CHANGED', after: 0, most: 1 } as const;
    const [changed] = await findResultPage(tx, ctx.actor.scope, operation, first);
    if (changed === undefined || changed.organizationId === null) return null;
    const { rootProviderId, organizationId } = changed;
    const slot = await lockSlot(tx, { rootProviderId, organizationId, kind: 'CLOUD_SERVICE' });
    const keyString = slot === null ? null : await openKeyString(ctx, tx, slot);
    if (slot === null || keyString === null) return null;
    const keys = await ctx.keyRing.of(tx, operation.rootProviderId);
    if (keys.fingerprint(keyString) !== command.fingerprint) return null;
    await recordToldAgain(tx, ctx, slot, organizationId, auditState(slot, ctx.now));
    return keyString;
  });
}
