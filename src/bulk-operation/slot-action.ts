import { findSlots, lockSlots } from '../api-key/api-key.repository.ts';
import { type ApiKeyCommand, applyChange, decide, type SlotChange } from '../api-key/api-key.ts';
import type { ApiKeySlot } from '../api-key/api-key-slot.ts';
import { auditState } from '../api-key/run-key-command.ts';
import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkAction, DecidedItem } from './bulk-action.ts';
import { decideItem, missingItem } from './bulk-operation.ts';
import type { BulkItem } from './bulk-operation-row.ts';

/** A slot that is to be changed, and how. */
export interface ChangedSlot {
  readonly slot: ApiKeySlot;
  readonly change: SlotChange;
}

/** In what the commands on many slots differ. */
interface SlotCommand {
  readonly auditAction: AuditAction;
  /** Written down with each change. */
  readonly note: string | null;
  /** What the single command would be told of each slot. */
  readonly prepare: (tx: Tx, slots: readonly ApiKeySlot[]) => Promise<(slot: ApiKeySlot) => ApiKeyCommand>;
  readonly write: (tx: Tx, changed: readonly ChangedSlot[]) => Promise<void>;
}

/** A command on a single key, many times. */
export function slotAction(ctx: RequestContext, { auditAction, note, prepare, write }: SlotCommand): BulkAction {
  return {
    auditAction,
    async decide(tx, items, how) {
      const slots = await slotsOf(tx, items, how);
      const commandFor = await prepare(tx, slots);
      const byOrganization = new Map(slots.map((slot) => [slot.organizationId, slot]));
      const changed: ChangedSlot[] = [];
      const decided = items.map((item): DecidedItem => {
        const slot = item.organizationId === null ? undefined : byOrganization.get(item.organizationId);
        if (slot === undefined) return { item, subject: null, decision: missingItem() };
        const { authority } = ctx.actor;
        const decision = decideItem(() => decide(slot, commandFor(slot), authority, ctx.now));
        if (decision.outcome === 'CHANGED') changed.push({ slot, change: decision.change });
        return { item, subject: slot, decision };
      });
      const writeAll = async () => {
        if (changed.length === 0) return;
        await write(tx, changed);
        await recordAudits(tx, ctx, changed.map(auditEntryOf), note);
      };
      return { decided, write: writeAll };
    },
  };

  function auditEntryOf({ slot, change }: ChangedSlot) {
    const after = { ...applyChange(slot, change), version: slot.version + 1 };
    const states = { before: auditState(slot, ctx.now), after: auditState(after, ctx.now) };
    return { action: auditAction, subject: slot, target: slot.organizationId, result: 'OK', ...states } as const;
  }
}

function slotsOf(tx: Tx, items: readonly BulkItem[], how: 'LOCK' | 'LOOK'): Promise<ApiKeySlot[]> {
  const kind = 'CLOUD_SERVICE';
  const refs = items.flatMap(({ rootProviderId, organizationId }) =>
    organizationId === null ? [] : [{ rootProviderId, organizationId, kind } as const],
  );
  return how === 'LOCK' ? lockSlots(tx, refs) : findSlots(tx, refs);
}
