import { type ApiKeyCommand, type ApiKeyKind, type DisablementReason, noteMissing } from '../api-key/api-key.ts';
import { noteWithoutKeys } from '../api-key/note-without-keys.ts';
import { parseDisable, parseEnable } from '../api-key/parse-command.ts';
import type { RequestContext } from '../context.ts';
import type { BulkOperationRef } from '../ids.ts';
import { refuseEndOutOfReach } from '../subscription/subscription.ts';
import type { StringlessCommand } from './bulk-operation-row.ts';
import { actionOf } from './open-action.ts';
import { runBulkCommand } from './run-bulk-command.ts';
import type { BulkOrder, BulkTarget } from './start-operation.ts';

// What the commands on one key or subscription do, over many organizations (DOMAIN.md, "Commands on a key"). What is wrong
// for every organization is refused at once; what one organization refuses is its result, with the single command's code.

/** The slots of one kind of many organizations. */
export interface BulkKeyTarget extends BulkTarget {
  readonly keyKind: ApiKeyKind;
}

/** @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `NOTE_REQUIRED`, `TOO_MANY_TARGETS`, `IDEMPOTENCY_KEY_REUSED` */
export async function disableApiKeys(
  ctx: RequestContext,
  input: BulkKeyTarget & { readonly reason: DisablementReason; readonly note: string | null },
): Promise<BulkOperationRef> {
  const { keyKind, reason, note } = input;
  const { answer } = await runBulkCommand(ctx, 'DISABLE_API_KEY', input, { keyKind, reason, note }, async (tx) => {
    const kept = await noteWithoutKeys(ctx, tx, ctx.actor.home.rootProviderId, note);
    const command = withNote(parseDisable(reason, kept));
    return orderOf(ctx, { kind: 'DISABLE_API_KEY', keyKind, reason: command.reason, note: command.note });
  });
  return answer;
}

/**
 * Lifts of each what the caller may lift; other disablements stay.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `NOTE_REQUIRED`, `TOO_MANY_TARGETS`, `IDEMPOTENCY_KEY_REUSED`
 */
export async function enableApiKeys(
  ctx: RequestContext,
  input: BulkKeyTarget & { readonly note: string },
): Promise<BulkOperationRef> {
  const { keyKind, note } = input;
  const { answer } = await runBulkCommand(ctx, 'ENABLE_API_KEY', input, { keyKind, note }, async (tx) => {
    const kept = await noteWithoutKeys(ctx, tx, ctx.actor.home.rootProviderId, note);
    return orderOf(ctx, { kind: 'ENABLE_API_KEY', keyKind, note: withNote(parseEnable(kept)).note });
  });
  return answer;
}

/**
 * A new string for each, of which none is shown.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `TOO_MANY_TARGETS`, `IDEMPOTENCY_KEY_REUSED`, `SECRETS_UNAVAILABLE`
 */
export async function regenerateApiKeys(ctx: RequestContext, input: BulkKeyTarget): Promise<BulkOperationRef> {
  const { keyKind } = input;
  const { answer } = await runBulkCommand(ctx, 'REGENERATE_API_KEY', input, { keyKind }, async (tx) => {
    await ctx.keyRing.of(tx, ctx.actor.home.rootProviderId); // nothing is begun that could not seal a string
    return orderOf(ctx, { kind: 'REGENERATE_API_KEY', keyKind });
  });
  return answer;
}

/** @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `TOO_MANY_TARGETS`, `IDEMPOTENCY_KEY_REUSED` */
export async function renewSubscriptions(
  ctx: RequestContext,
  input: BulkTarget & { readonly endsAt: Date },
): Promise<BulkOperationRef> {
  const { endsAt } = input;
  const { answer } = await runBulkCommand(ctx, 'RENEW_SUBSCRIPTION', input, { endsAt }, async () => {
    refuseEndOutOfReach(endsAt, ctx.now);
    return orderOf(ctx, { kind: 'RENEW_SUBSCRIPTION', endsAt: endsAt.toISOString() });
  });
  return answer;
}

function orderOf(ctx: RequestContext, command: StringlessCommand): BulkOrder {
  return { command, secret: null, action: actionOf(ctx, command) };
}

/** @throws DomainError `NOTE_REQUIRED` */
function withNote<Command extends ApiKeyCommand>(command: Command): Command {
  const refusal = noteMissing(command);
  if (refusal !== null) throw refusal;
  return command;
}
