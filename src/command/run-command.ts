import type { AuditAction, AuditEntry } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { inSight, type TenantRow } from '../database/scope.ts';
import { DomainError } from '../errors.ts';
import { keepingPlaceOf } from '../identity/actor.ts';
import {
  claimIdempotencyKey,
  findIdempotencyKey,
  type IdempotencyClaim,
  storeIdempotentAnswer,
} from './idempotency.repository.ts';
import { checkIdempotencyKey, isToBeReplayed, refusalToStore, replay } from './idempotency.ts';

/** What is the same for every command, whatever it does. */
export interface Command {
  readonly action: AuditAction;
  /** All that the caller gave: a retry must give the same. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string | null;
  /** The id that the caller named; null when it was none. */
  readonly target: string | null;
  /** Whose audit trail a refusal belongs to; null when the target is out of sight: then it is the actor's own. */
  locate(tx: Tx): Promise<TenantRow | null>;
}

export interface Outcome<Answer> {
  readonly answer: Answer;
  /** True when an earlier run did the work and this one only tells its answer. */
  readonly replayed: boolean;
}

/**
 * Runs `work` in one transaction and gives its answer, or an earlier run's under the same idempotency key. `work`
 * records its own audit row; when it throws a DomainError everything is rolled back and the refusal is recorded in a
 * short transaction of its own before the error goes on.
 * @param work answers with a reference to what it did, never with a key string: the answer may be kept
 */
export async function runCommand<Answer>(
  ctx: RequestContext,
  command: Command,
  work: (tx: Tx) => Promise<Answer>,
): Promise<Outcome<Answer>> {
  try {
    if (command.idempotencyKey !== null) checkIdempotencyKey(command.idempotencyKey);
    return await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
      const claim = await claimOf(tx, ctx, command);
      if (claim === null) return { answer: await work(tx), replayed: false };
      if (!(await claimIdempotencyKey(tx, claim, ctx.now))) return replayed<Answer>(tx, claim);
      const answer = await work(tx);
      await storeIdempotentAnswer(tx, claim, { answer });
      return { answer, replayed: false };
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return recordRefusal<Answer>(ctx, command, error);
  }
}

/** @throws DomainError the refusal itself, or what an identical run answered first */
async function recordRefusal<Answer>(
  ctx: RequestContext,
  command: Command,
  refusal: DomainError,
): Promise<Outcome<Answer>> {
  try {
    return await recordOrReplay<Answer>(ctx, command, refusal);
  } catch (error) {
    // Meanwhile another command took the idempotency key: that is a refusal of its own.
    const isTaken = error !== refusal && error instanceof DomainError && error.code === 'IDEMPOTENCY_KEY_REUSED';
    return isTaken ? recordOrReplay<Answer>(ctx, command, error) : Promise.reject(error);
  }
}

async function recordOrReplay<Answer>(
  ctx: RequestContext,
  command: Command,
  refusal: DomainError,
): Promise<Outcome<Answer>> {
  const earlier = await ctx.database.withTransaction(ctx.actor.scope, async (tx) => {
    const claim = isToBeReplayed(refusal) ? await claimOf(tx, ctx, command) : null;
    if (claim !== null) {
      if (!(await claimIdempotencyKey(tx, claim, ctx.now))) return replayed<Answer>(tx, claim);
      await storeIdempotentAnswer(tx, claim, refusalToStore(refusal));
    }
    const located = refusal.code === 'BUSY' ? null : await command.locate(tx); // or it would wait again
    const subject = located !== null && inSight(ctx.actor.scope, located) ? located : ctx.actor.home;
    await recordAudit(tx, ctx, { ...refused(command, refusal), subject });
    return null;
  });
  if (earlier !== null) return earlier;
  throw refusal;
}

function refused(command: Command, refusal: DomainError): Omit<AuditEntry, 'subject'> {
  const { action, target } = command;
  return { action, target, result: refusal.code, before: null, after: null, note: null };
}

async function claimOf(tx: Tx, ctx: RequestContext, command: Command): Promise<IdempotencyClaim | null> {
  const { actor } = ctx;
  if (command.idempotencyKey === null || actor.id === null) return null;
  const keys = await ctx.keyRing.of(tx, actor.home.rootProviderId);
  const inputHash = keys.digest(JSON.stringify(command.input));
  return {
    home: keepingPlaceOf(actor),
    actorId: actor.id,
    key: command.idempotencyKey,
    action: command.action,
    inputHash,
  };
}

async function replayed<Answer>(tx: Tx, claim: IdempotencyClaim): Promise<Outcome<Answer>> {
  const stored = await findIdempotencyKey(tx, claim);
  return { answer: replay<Answer>(stored, claim.action, claim.inputHash), replayed: true };
}
