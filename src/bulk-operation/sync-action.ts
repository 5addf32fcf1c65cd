import type { KeyString } from '../api-key/key-string.ts';
import type { RequestContext } from '../context.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { BulkAction } from './bulk-action.ts';
import { noteOfRotation, type RotationTerms } from './rotation-terms.ts';
import { slotAction, writeStrings } from './slot-action.ts';

/** One string for all: what `editApiKey` does, many times (DOMAIN.md, "Sync"). */
export function syncAction(ctx: RequestContext, keyString: KeyString, how: RotationTerms = {}): BulkAction {
  const { overlap = null } = how;
  return slotAction(ctx, {
    auditAction: 'api_key.sync',
    kind: 'CLOUD_SERVICE',
    note: noteOfRotation(how),
    overlap,
    async prepare(tx, slots) {
      const fingerprints = new Map<ServiceProviderId, Fingerprint>();
      for (const root of new Set(slots.map(({ rootProviderId }) => rootProviderId))) {
        fingerprints.set(root, (await ctx.keyRing.of(tx, root)).fingerprint(keyString)); // each root has keys of its own
      }
      return (slot) => ({
        command: { action: 'EDIT', next: fingerprints.get(slot.rootProviderId) ?? null },
        keyString,
      });
    },
    write: (tx, changed) => writeStrings(ctx, tx, changed, overlap),
  });
}
