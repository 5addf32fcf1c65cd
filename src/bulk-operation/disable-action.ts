import type { ApiKeyKind } from '../api-key/api-key.ts';
import { disableSlots } from '../api-key/disable-slots.ts';
import type { DisableCommand } from '../api-key/parse-command.ts';
import { auditActionOf, noteOf } from '../api-key/run-key-command.ts';
import type { RequestContext } from '../context.ts';
import type { BulkAction } from './bulk-action.ts';
import { slotAction } from './slot-action.ts';

/** What `disableApiKey` does, many times. */
export function disableAction(ctx: RequestContext, kind: ApiKeyKind, command: DisableCommand): BulkAction {
  return slotAction(ctx, {
    auditAction: auditActionOf.DISABLE,
    kind,
    note: noteOf(command),
    prepare: async () => () => ({ command, keyString: null }),
    async write(tx, changed) {
      const source = changed[0]?.change.disable ?? null; // follows from who acts: the same for all
      if (source === null) throw new Error('DISABLE was decided without a source');
      await disableSlots(
        ctx,
        tx,
        changed.map(({ slot }) => slot),
        source,
        command,
      );
    },
  });
}
