import { writeKeys } from '../api-key/api-key-bulk.repository.ts';
import { sealKeyString } from '../api-key/key-material.ts';
import type { KeyString } from '../api-key/key-string.ts';
import type { RequestContext } from '../context.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { BulkAction } from './bulk-action.ts';
import { slotAction } from './slot-action.ts';

/** One string for all: what `editApiKey` does, many times (DOMAIN.md, "Sync"). */
export function syncAction(ctx: RequestContext, keyString: KeyString): BulkAction {
  return slotAction(ctx, {
    auditAction: 'api_key.sync',
    note: null,
    async prepare(tx, slots) {
      const fingerprints = new Map<ServiceProviderId, Fingerprint>();
      for (const root of new Set(slots.map(({ rootProviderId }) => rootProviderId))) {
        fingerprints.set(root, (await ctx.keyRing.of(tx, root)).fingerprint(keyString)); // each root has keys of its own
      }
      return (slot) => ({ action: 'EDIT', next: fingerprints.get(slot.rootProviderId) ?? null });
    },
    async write(tx, changed) {
      const keys = await Promise.all(
        changed.map(async ({ slot }) => ({ slot, material: await sealKeyString(ctx, tx, slot, keyString) })),
      );
      await writeKeys(tx, keys, { at: ctx.now, byId: ctx.actor.id, byName: ctx.actor.displayName });
    },
  });
}
