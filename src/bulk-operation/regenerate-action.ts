import type { ApiKeyKind } from '../api-key/api-key.ts';
import type { ApiKeySlot } from '../api-key/api-key-slot.ts';
import { generateNextString } from '../api-key/key-material.ts';
import { auditActionOf, type Prepared } from '../api-key/run-key-command.ts';
import type { RequestContext } from '../context.ts';
import type { BulkAction } from './bulk-action.ts';
import { noteOfRotation, type RotationTerms } from './rotation-terms.ts';
import { slotAction, writeStrings } from './slot-action.ts';

/** A new string for each: what `regenerateApiKey` does, many times. */
export function regenerateAction(ctx: RequestContext, kind: ApiKeyKind, how: RotationTerms = {}): BulkAction {
  const { overlap = null } = how;
  return slotAction(ctx, {
    auditAction: auditActionOf.REGENERATE,
    kind,
    note: noteOfRotation(how),
    overlap,
    async prepare(tx, slots) {
      const prepared = new Map<ApiKeySlot, Prepared>();
      for (const slot of slots) {
        const { keyString, fingerprint } = await generateNextString(ctx, tx, slot);
        prepared.set(slot, { command: { action: 'REGENERATE', next: fingerprint }, keyString });
      }
      return (slot) => {
        const found = prepared.get(slot);
        if (found === undefined) throw new Error('a string was prepared for every slot');
        return found;
      };
    },
    write: (tx, changed) => writeStrings(ctx, tx, changed, overlap),
  });
}
