import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { Scope, TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { Actor } from '../identity/actor.ts';
import { newId } from '../ids.ts';
import type { AuditAction, AuditEntry, AuditState } from './audit-event.ts';

const insertAuditEvent = statement<never>(
  'audit_event.insert',
  `with event as (
     insert into audit_event (root_provider_id, id, at, action, actor_id, actor_name, actor_role, provider_path,
       organization_id, target, result, before, after, note, ip_address, request_id, on_behalf_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     returning root_provider_id, id)
   insert into audit_unsealed (root_provider_id, event_id) select root_provider_id, id from event`,
);

/** With whose eyes a borrower's row is written that is about none of the lent organizations; null: this is no borrower. */
function grantorsScope({ scope, onBehalfOf }: Actor): Scope | null {
  if (onBehalfOf === null || scope.level !== 'ORGANIZATION') return null;
  const { rootProviderId, providerId } = scope;
  return { level: 'PROVIDER', rootProviderId, providerId };
}

/**
 * Writes down what happened, in the transaction in which it happened: no audit row, no change. It waits from then on to be
 * sealed into its root's chain. Under a delegation, what is about none of the lent organizations is the grantor's row: then
 * nothing else of the transaction may be under way.
 */
export function recordAudit(tx: Tx, ctx: RequestContext, entry: AuditEntry): Promise<void> {
  const grantors = grantorsScope(ctx.actor);
  const write = (trail: Tx) => insertEvent(trail, ctx, entry);
  return grantors === null || entry.subject.organizationId !== null ? write(tx) : tx.within(grantors, write);
}

async function insertEvent(tx: Tx, ctx: RequestContext, entry: AuditEntry): Promise<void> {
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

/** What a command made of a row: there was none `before` it was made, and is none `after` it is gone. */
export interface Change<Row> {
  readonly before: Row | null;
  readonly after: Row | null;
}

/** Writes down what a command made of one row, as `stateOf` tells it. @param more of what the command did besides */
export async function recordChange<Row extends TenantRow & { readonly id: string }>(
  tx: Tx,
  ctx: RequestContext,
  action: AuditAction,
  { before, after }: Change<Row>,
  stateOf: (row: Row) => AuditState,
  more: AuditState | null = null,
): Promise<void> {
  const row = after ?? before;
  if (row === null) throw new TypeError('nothing was changed');
  const { rootProviderId, providerPath, organizationId, id: target } = row;
  await recordAudit(tx, ctx, {
    action,
    subject: { rootProviderId, providerPath, organizationId },
    target,
    result: 'OK',
    before: before === null ? null : stateOf(before),
    after: after === null ? more : { ...stateOf(after), ...more },
    note: null,
  });
}

const insertAuditEvents = statement<never>(
  'audit_event.insert_many',
  `with event as (
     insert into audit_event (root_provider_id, id, at, action, actor_id, actor_name, actor_role, provider_path,
       organization_id, target, result, before, after, note, ip_address, request_id, on_behalf_of)
     select e.root_provider_id, e.id, $10, e.action, $11, $12, $13, e.provider_path::uuid[], e.organization_id, e.target,
       e.result, e.before, e.after, $14, $15, $16, $17
     from rows from (
         unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[]),
         json_array_elements_text($8::json), json_array_elements_text($9::json))
       e (root_provider_id, id, action, provider_path, organization_id, target, result, before, after)
     returning root_provider_id, id)
   insert into audit_unsealed (root_provider_id, event_id) select root_provider_id, id from event`,
);

/** The same for what one command did to many, each in its own place; all have the same note. */
export async function recordAudits(
  tx: Tx,
  ctx: RequestContext,
  entries: readonly Omit<AuditEntry, 'note'>[],
  note: string | null,
): Promise<void> {
  const grantors = grantorsScope(ctx.actor);
  if (grantors === null) return insertEvents(tx, ctx, entries, note);
  const ofLent = entries.filter(({ subject }) => subject.organizationId !== null);
  const others = entries.filter(({ subject }) => subject.organizationId === null);
  await insertEvents(tx, ctx, ofLent, note);
  if (others.length > 0) await tx.within(grantors, (trail) => insertEvents(trail, ctx, others, note));
}

async function insertEvents(
  tx: Tx,
  ctx: RequestContext,
  entries: readonly Omit<AuditEntry, 'note'>[],
  note: string | null,
): Promise<void> {
  if (entries.length === 0) return;
  const { actor, now } = ctx;
  await tx.count(insertAuditEvents, [
    entries.map(({ subject }) => subject.rootProviderId),
    entries.map(() => newId<'AuditEvent'>()),
    entries.map(({ action }) => action),
    entries.map(({ subject }) => `{${subject.providerPath.join(',')}}`),
    entries.map(({ subject }) => subject.organizationId),
    entries.map(({ target }) => target),
    entries.map(({ result }) => result),
    JSON.stringify(entries.map(({ before }) => written(before))),
    JSON.stringify(entries.map(({ after }) => written(after))),
    now,
    actor.id,
    actor.displayName,
    actor.role,
    note,
    ctx.ipAddress,
    ctx.requestId,
    actor.onBehalfOf,
  ]);
}

function written(state: AuditState | null): string | null {
  return state === null ? null : JSON.stringify(state);
}
