import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkAction, DecidedItem } from './bulk-action.ts';
import { type ItemEnd, writeItemEnds } from './bulk-item.repository.ts';
import type { ItemDecision, Tally } from './bulk-operation.ts';
import type { BulkOperation } from './bulk-operation-row.ts';

/** An operation under way, with what it does. */
export interface Job {
  readonly operation: BulkOperation;
  readonly action: BulkAction;
}

/** Writes every refusal into the audit trail, as the single command does. */
export async function recordRefusals(
  ctx: RequestContext,
  tx: Tx,
  { auditAction }: BulkAction,
  decided: readonly DecidedItem[],
): Promise<void> {
  const entries = decided.flatMap(({ item, subject, decision }) => {
    if (decision.outcome !== 'REFUSED') return [];
    const place = { subject: subject ?? ctx.actor.home, target: item.organizationId ?? item.givenId };
    return { ...place, action: auditAction, result: decision.code, before: null, after: null };
  });
  await recordAudits(tx, ctx, entries, null);
}

/** Keeps how each ended that is not changed; what names nothing was kept when the items were made. */
export function keepOutcomes(tx: Tx, operation: BulkOperation, decided: readonly DecidedItem[]): Promise<void> {
  const ends: ItemEnd[] = [];
  for (const { item, decision } of decided) {
    if (decision.outcome === 'CHANGED' || item.givenId !== null) continue;
    const { code, message } = decision.outcome === 'REFUSED' ? decision : { code: null, message: null };
    ends.push({ item, outcome: decision.outcome, code, message });
  }
  return writeItemEnds(tx, operation, ends);
}

export function tallyOf(decided: readonly DecidedItem[]): Tally {
  const count = (outcome: ItemDecision['outcome']) => decided.filter((one) => one.decision.outcome === outcome).length;
  return { changed: count('CHANGED'), unchanged: count('UNCHANGED'), refused: count('REFUSED') };
}
