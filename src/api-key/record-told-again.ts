import type { AuditState } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';

/** The replay of a command tells its string once more: that is a reveal, and a row like any other. */
export function recordToldAgain(
  tx: Tx,
  ctx: RequestContext,
  subject: TenantRow,
  target: string,
  before: AuditState,
): Promise<void> {
  const note = 'Told again, to a retry of the command that brought or showed it.';
  return recordAudit(tx, ctx, { action: 'api_key.reveal', subject, target, result: 'OK', before, after: null, note });
}
