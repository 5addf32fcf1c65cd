import { noteWithoutKeys } from '../api-key/note-without-keys.ts';
import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { Scope, TenantRow } from '../database/scope.ts';
import { authorize } from '../identity/authorize.ts';
import type { DelegationRef, ServiceProviderRef } from '../ids.ts';
import { findServiceProvider } from '../service-provider/service-provider.repository.ts';
import type { ServiceProvider } from '../service-provider/service-provider.ts';
import { parseNote } from '../text.ts';
import { findDelegation, lockDelegation, writeAcceptance, writeEnd } from './delegation.repository.ts';
import { type Delegation, decideAcceptance, refuseWhenOver, seesDelegation, sideOf } from './delegation.ts';
import { delegationAuditState } from './delegation-audit-state.ts';

export interface AnswerDelegation {
  /** Null: an id that names nothing. */
  readonly delegation: DelegationRef | null;
  readonly idempotencyKey: string | null;
}

/** What a command made of the delegation, for the trails. */
interface Change {
  readonly action: AuditAction;
  readonly before: Delegation;
  readonly after: Delegation;
  readonly note: string | null;
}

/**
 * From now on the grantee's staff may act under it. Accepting an active one again changes nothing.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `DELEGATION_ENDED`
 */
export function acceptDelegation(ctx: RequestContext, input: AnswerDelegation): Promise<DelegationRef> {
  return runDelegationCommand(ctx, 'delegation.accept', input, async (tx, delegation) => {
    const isNew = decideAcceptance(delegation, ctx.actor.scope, ctx.now);
    if (!isNew) return { after: delegation, note: null };
    const { name } = await ownProvider(tx, granteeOf(delegation));
    const mark = markOf(ctx);
    await writeAcceptance(tx, delegation, name, mark);
    const accepted = { acceptedAt: mark.at, acceptedById: mark.byId, acceptedByName: mark.byName };
    return { after: { ...delegation, ...accepted, granteeProviderName: name }, note: null };
  });
}

/**
 * Ends it for the very next request, or declines it; either side may.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DELEGATION_ENDED`
 */
export function endDelegation(
  ctx: RequestContext,
  input: AnswerDelegation & { readonly note: string | null },
): Promise<DelegationRef> {
  return runDelegationCommand(ctx, 'delegation.end', input, async (tx, delegation) => {
    const root = sideOf(ctx.actor.scope, delegation) === 'GRANTED' ? delegation.rootProviderId : null;
    const kept = await noteWithoutKeys(ctx, tx, root, input.note);
    const note = kept === null ? null : parseNote('note', kept) || null;
    refuseWhenOver(delegation, ctx.now);
    const mark = markOf(ctx);
    await writeEnd(tx, delegation, mark);
    return { after: { ...delegation, endedAt: mark.at, endedById: mark.byId, endedByName: mark.byName }, note };
  });
}

async function runDelegationCommand(
  ctx: RequestContext,
  action: AuditAction,
  input: AnswerDelegation,
  change: (tx: Tx, delegation: Delegation) => Promise<Pick<Change, 'after' | 'note'>>,
): Promise<DelegationRef> {
  const { delegation: ref, idempotencyKey } = input;
  const command = {
    action,
    input: { ...input },
    idempotencyKey,
    target: ref?.delegationId ?? null,
    locate: async (tx: Tx) => (ref === null ? null : findDelegation(tx, ref)),
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const locked = ref === null ? null : await lockDelegation(tx, ref);
    const before = authorize(ctx.actor, 'staff:manage', locked, 'delegationId', seesDelegation);
    await recordOnBothSides(tx, ctx, { action, before, ...(await change(tx, before)) });
    return { rootProviderId: before.rootProviderId, delegationId: before.id };
  });
  return answer;
}

/**
 * Into the trail of the actor's side, and into the other's: the grantor is known always, the grantee once they accepted.
 * The other side's scope follows from the row, which the actor's own scope has shown.
 */
async function recordOnBothSides(tx: Tx, ctx: RequestContext, change: Change): Promise<void> {
  const { after } = change;
  if (sideOf(ctx.actor.scope, after) === 'RECEIVED') {
    await record(tx, ctx, change, ctx.actor.home);
    await tx.within(scopeOf(grantorOf(after)), (other) => record(other, withoutAddress(ctx), change, after));
    return;
  }
  await record(tx, ctx, change, after);
  if (after.acceptedAt === null) return;
  const grantee = granteeOf(after);
  await tx.within(scopeOf(grantee), async (other) => {
    await record(other, withoutAddress(ctx), change, await ownProvider(other, grantee));
  });
}

function record(tx: Tx, ctx: RequestContext, change: Change, subject: TenantRow): Promise<void> {
  const { action, before, after, note } = change;
  return recordAudit(tx, ctx, {
    action,
    subject,
    target: after.id,
    result: 'OK',
    before: delegationAuditState(before, ctx.now),
    after: delegationAuditState(after, ctx.now),
    note,
  });
}

/** The other side reads who it was, not from where. */
function withoutAddress(ctx: RequestContext): RequestContext {
  return { ...ctx, ipAddress: null };
}

function markOf({ actor, now }: RequestContext) {
  return { at: now, byId: actor.id, byName: actor.displayName };
}

function grantorOf({ rootProviderId, providerId }: Delegation): ServiceProviderRef {
  return { rootProviderId, serviceProviderId: providerId };
}

function granteeOf({ granteeRootProviderId, granteeProviderId }: Delegation): ServiceProviderRef {
  return { rootProviderId: granteeRootProviderId, serviceProviderId: granteeProviderId };
}

function scopeOf({ rootProviderId, serviceProviderId }: ServiceProviderRef): Scope {
  return { level: 'PROVIDER', rootProviderId, providerId: serviceProviderId };
}

/** The provider whose scope the transaction has. */
async function ownProvider(tx: Tx, ref: ServiceProviderRef): Promise<ServiceProvider> {
  const provider = await findServiceProvider(tx, ref);
  if (provider === null) throw new Error('a provider does not see itself');
  return provider;
}
