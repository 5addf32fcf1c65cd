import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { BulkAction } from './bulk-action.ts';
import type { BulkRun } from './bulk-operation.repository.ts';
import { openRunString } from './read-string-again.ts';
import { syncAction } from './sync-action.ts';

/** What an operation does, as it was asked for. */
export async function openAction(ctx: RequestContext, tx: Tx, run: BulkRun): Promise<BulkAction> {
  const { command } = run;
  switch (command.kind) {
    case 'SYNC_API_KEY':
      return syncAction(ctx, await openRunString(ctx, tx, run));
  }
}
