import type { ApiKeyKind } from '../api-key/api-key.ts';
import { liftDisablements } from '../api-key/disablement.repository.ts';
import type { EnableCommand } from '../api-key/parse-command.ts';
import { auditActionOf, noteOf } from '../api-key/run-key-command.ts';
import type { RequestContext } from '../context.ts';
import type { BulkAction } from './bulk-action.ts';
import { slotAction } from './slot-action.ts';

/** What `enableApiKey` does, many times: of each slot, what the caller may lift. */
export function enableAction(ctx: RequestContext, kind: ApiKeyKind, command: EnableCommand): BulkAction {
  return slotAction(ctx, {
    auditAction: auditActionOf.ENABLE,
    kind,
    note: noteOf(command),
    prepare: async () => () => ({ command, keyString: null }),
    write: (tx, changed) =>
      liftDisablements(
        tx,
        changed.map(({ slot, change }) => ({ slot, sources: change.lift })),
      ),
  });
}
