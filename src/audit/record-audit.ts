import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { newId } from '../ids.ts';
import type { AuditEntry, AuditState } from './audit-event.ts';

const insertAuditEvent = statement<never>(
  'audit_event.insert',
  `with event as (
     insert into audit_event (root_provider_id, id, at, action, actor_id, actor_name, actor_role, provider_path,
       organization_id, target, result, before, after, note, ip_address, request_id, on_behalf_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     returning root_provider_id, id)
   insert into audit_unsealed (root_provider_id, event_id) select root_provider_id, id from event`,
);

/**
 * Writes down what happened, in the transaction in which it happened: no audit row, no change. It waits from then on to be
 * sealed into its root's chain.
 */
export async function recordAudit(tx: Tx, ctx: RequestContext, entry: AuditEntry): Promise<void> {
  const { actor, now } = ctx;
  const { subject } = entry;
  await tx.count(insertAuditEvent, [
    subject.rootProviderId,
    newId<'AuditEvent'>(),
    now,
    entry.action,
    actor.id,
    actor.displayName,
    actor.role,
    subject.providerPath,
    subject.organizationId,
    entry.target,
    entry.result,
    written(entry.before),
    written(entry.after),
    entry.note,
    ctx.ipAddress,
    ctx.requestId,
    actor.onBehalfOf,
  ]);
}

function written(state: AuditState | null): string | null {
  return state === null ? null : JSON.stringify(state);
}
