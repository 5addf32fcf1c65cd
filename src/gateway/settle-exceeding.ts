import { lockSlot } from '../api-key/api-key.repository.ts';
import { applyChange, decide } from '../api-key/api-key.ts';
import type { ApiKeyRef, ApiKeySlot } from '../api-key/api-key-slot.ts';
import { writeDisablements } from '../api-key/disablement.repository.ts';
import { auditState } from '../api-key/run-key-command.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Services } from '../context.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { SYSTEM_ACTOR } from '../identity/actor.ts';
import { newId } from '../ids.ts';
import type { CallSlot } from './call.ts';
import type { Outcome } from './decide-in-order.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { type BatchServices, readFacts } from './read-facts.ts';
import { decideAndCount } from './run-batch.ts';

const REASON = 'CALL_THRESHOLD_EXCEEDED';

/**
 * Decides requests about one slot of which one seemed over its threshold. The slot is locked, and only then its counter:
 * a command may hold slots for long, and no counter waits for it. The first call that is over the threshold disables the
 * key in this transaction.
 */
export function settleExceeding(
  services: Services & BatchServices & { readonly database: Database },
  scope: Scope,
  ref: ApiKeyRef,
  requests: readonly GatewayRequest[],
): Promise<readonly Outcome[]> {
  return services.database.withTransaction(scope, async (tx) => {
    const [slot, facts] = await Promise.all([lockSlot(tx, ref), readFacts(services, tx, scope, requests)]);
    const now = new Date();
    let isExceeded = false;
    const disable = (given: CallSlot): CallSlot => {
      isExceeded = true;
      const change = decide(given, { action: 'DISABLE', reason: REASON, note: null }, SYSTEM_ACTOR.authority, now);
      return { ...applyChange(given, change), version: given.version + 1, overlap: null };
    };
    const { outcomes, written } = await decideAndCount(tx, facts, now, disable);
    if (isExceeded && slot !== null) await disableSlot(services, tx, slot, now);
    await written;
    return outcomes;
  });
}

async function disableSlot(services: Services, tx: Tx, slot: ApiKeySlot, now: Date): Promise<void> {
  const { id: byId, displayName: byName, authority } = SYSTEM_ACTOR;
  const change = decide(slot, { action: 'DISABLE', reason: REASON, note: null }, authority, now);
  const ctx = { ...services, actor: SYSTEM_ACTOR, requestId: newId<'Decision'>(), now, ipAddress: null };
  await writeDisablements(tx, [slot], { source: 'CALL_THRESHOLD', reason: REASON, note: null, at: now, byId, byName });
  await recordAudit(tx, ctx, {
    action: 'api_key.disable',
    subject: slot,
    target: slot.organizationId,
    result: 'OK',
    before: auditState(slot, now),
    after: auditState({ ...applyChange(slot, change), version: slot.version + 1 }, now),
    note: REASON,
  });
}
