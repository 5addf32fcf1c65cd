import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkAction } from './bulk-action.ts';
import type { BulkRun } from './bulk-operation.repository.ts';
import type { StringlessCommand } from './bulk-operation-row.ts';
import { disableAction } from './disable-action.ts';
import { enableAction } from './enable-action.ts';
import { openRunString } from './read-string-again.ts';
import { regenerateAction } from './regenerate-action.ts';
import { renewAction } from './renew-action.ts';
import { syncAction } from './sync-action.ts';

/** What an operation does, as it was asked for. @throws Error of one that is no command */
export async function openAction(ctx: RequestContext, tx: Tx, run: BulkRun): Promise<BulkAction> {
  const { command } = run.operation;
  if (command === null) throw new Error('an import is run by other means');
  return command.kind === 'SYNC_API_KEY'
    ? syncAction(ctx, await openRunString(ctx, tx, run), command)
    : actionOf(ctx, command);
}

export function actionOf(ctx: RequestContext, command: StringlessCommand): BulkAction {
  switch (command.kind) {
    case 'DISABLE_API_KEY':
      return disableAction(ctx, command.keyKind, { ...command, action: 'DISABLE' });
    case 'ENABLE_API_KEY':
      return enableAction(ctx, command.keyKind, { ...command, action: 'ENABLE' });
    case 'REGENERATE_API_KEY':
      return regenerateAction(ctx, command.keyKind, command);
    case 'RENEW_SUBSCRIPTION':
      return renewAction(ctx, new Date(command.endsAt));
  }
}
