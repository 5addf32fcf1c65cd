import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { StoredDisablementSource } from './api-key.ts';
import type { ApiKeySlot } from './api-key-slot.ts';
import { writeDisablements } from './disablement.repository.ts';
import type { DisableCommand } from './parse-command.ts';

/** The one way in which somebody disables slots, one or many: what has to end with them ends here, in their transaction. */
export function disableSlots(
  { actor, now }: RequestContext,
  tx: Tx,
  slots: readonly ApiKeySlot[],
  source: StoredDisablementSource,
  { reason, note }: DisableCommand,
): Promise<void> {
  return writeDisablements(tx, slots, { source, reason, note, at: now, byId: actor.id, byName: actor.displayName });
}
