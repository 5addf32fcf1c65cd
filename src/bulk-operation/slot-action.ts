import { findSlots, lockSlots } from '../api-key/api-key.repository.ts';
import { type ApiKeyKind, applyChange, decide, type SlotChange } from '../api-key/api-key.ts';
import { writeKeys } from '../api-key/api-key-bulk.repository.ts';
import type { ApiKeySlot } from '../api-key/api-key-slot.ts';
import { sealKeyString } from '../api-key/key-material.ts';
import type { KeyString } from '../api-key/key-string.ts';
import { type OverlapTerms, overlapEnd } from '../api-key/overlap.ts';
import { auditState, type Prepared } from '../api-key/run-key-command.ts';
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
  /** The string that it gets, of the commands that give one. */
  readonly keyString: KeyString | null;
}

/** In what the commands on many slots differ. */
interface SlotCommand {
  readonly auditAction: AuditAction;
  readonly kind: ApiKeyKind;
  /** Written down with each change. */
  readonly note: string | null;
  /** What the single command would be told of each slot. */
  readonly prepare: (tx: Tx, slots: readonly ApiKeySlot[]) => Promise<(slot: ApiKeySlot) => Prepared>;
  readonly write: (tx: Tx, changed: readonly ChangedSlot[]) => Promise<void>;
  /** For how long the strings that are replaced go on working. */
  readonly overlap?: OverlapTerms | null;
}

/** A command on a single key, many times. */
export function slotAction(ctx: RequestContext, command: SlotCommand): BulkAction {
  const { auditAction, kind, note, prepare, write, overlap = null } = command;
  return {
    auditAction,
    async decide(tx, items, how) {
      const slots = await slotsOf(tx, items, kind, how);
      const prepared = await prepare(tx, slots);
      const byOrganization = new Map(slots.map((slot) => [slot.organizationId, slot]));
      const changed: ChangedSlot[] = [];
      const decided = items.map((item): DecidedItem => {
        const slot = item.organizationId === null ? undefined : byOrganization.get(item.organizationId);
        if (slot === undefined) return { item, subject: null, decision: missingItem() };
        const { command, keyString } = prepared(slot);
        const decision = decideItem(() => decide(slot, command, ctx.actor.authority, ctx.now));
        if (decision.outcome === 'CHANGED') changed.push({ slot, change: decision.change, keyString });
        return { item, subject: slot, decision };
      });
      const writeAll = async () => {
        if (changed.length === 0) return;
        await Promise.all([write(tx, changed), recordAudits(tx, ctx, changed.map(auditEntryOf), note)]);
      };
      return { decided, write: writeAll };
    },
  };

  function auditEntryOf({ slot, change }: ChangedSlot) {
    const after = { ...applyChange(slot, change), version: slot.version + 1 };
    const until = overlap === null ? {} : { overlapEndsAt: overlapEnd(overlap, ctx.now).toISOString() };
    const states = { before: auditState(slot, ctx.now), after: { ...auditState(after, ctx.now), ...until } };
    return { action: auditAction, subject: slot, target: slot.organizationId, result: 'OK', ...states } as const;
  }
}

/** Gives each slot its string. */
export async function writeStrings(
  ctx: RequestContext,
  tx: Tx,
  changed: readonly ChangedSlot[],
  overlap: OverlapTerms | null,
): Promise<void> {
  const keys = await Promise.all(
    changed.map(async ({ slot, keyString }) => {
      if (keyString === null) throw new Error('a slot was to be written without a string');
      return { slot, material: await sealKeyString(ctx, tx, slot, keyString) };
    }),
  );
  await writeKeys(tx, keys, { at: ctx.now, byId: ctx.actor.id, byName: ctx.actor.displayName }, overlap);
}

function slotsOf(tx: Tx, items: readonly BulkItem[], kind: ApiKeyKind, how: 'LOCK' | 'LOOK'): Promise<ApiKeySlot[]> {
  const refs = items.flatMap(({ rootProviderId, organizationId }) =>
    organizationId === null ? [] : [{ rootProviderId, organizationId, kind }],
  );
  return how === 'LOCK' ? lockSlots(tx, refs) : findSlots(tx, refs);
}
