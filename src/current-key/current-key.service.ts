import { lockSlot } from '../api-key/api-key.repository.ts';
import { decide } from '../api-key/api-key.ts';
import type { ApiKeyRef, ApiKeySlot, LockedSlot } from '../api-key/api-key-slot.ts';
import { openKeyString } from '../api-key/key-material.ts';
import { findOverlaps } from '../api-key/overlap.repository.ts';
import { overlapAt } from '../api-key/overlap.ts';
import { auditState } from '../api-key/run-key-command.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { networkOf } from '../authentication/network-of.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { findExternalSlots } from '../gateway/call-slot.repository.ts';
import { authorize } from '../identity/authorize.ts';
import { findWrittenSlot, noteFetch } from './current-key.repository.ts';
import { type CurrentKey, type CurrentKeyQuery, isKnown, tagOf } from './current-key.ts';

const action = 'api_key.reveal';

export interface FetchedKey {
  /** Of the string that there is now. */
  readonly tag: string;
  /** Null when the caller has it already. */
  readonly key: CurrentKey | null;
}

/**
 * The slot's string, for a program to go on with once the one that it has is refused. Rules and refusals are those of a
 * reveal. Whoever has the string already is shown nothing, and nothing is written down. A service account's fetches of one
 * string from one network are one row of the trail (ADR 22); a person's are a row each.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `KEY_NOT_FOUND`
 */
export async function fetchCurrentKey(ctx: RequestContext, query: CurrentKeyQuery): Promise<FetchedKey> {
  const ref = await slotNamed(ctx, query);
  const find = async (tx: Tx) => (ref === null ? null : findWrittenSlot(tx, ref));
  const target = ref?.organizationId ?? null;
  const shown: { key: CurrentKey | null } = { key: null }; // a command's answer may be kept: no string is part of it
  const { answer } = await runCommand(
    ctx,
    { action, input: {}, idempotencyKey: null, target, locate: find },
    async (tx) => {
      const seen = requireReveal(ctx, await find(tx));
      const tag = tagOf(seen, requireVersion(seen.keyVersion));
      if (isKnown(tag, query.known)) return { tag };
      // Under its lock: no other string takes the slot before it is written down that this one was told.
      const slot = requireReveal(ctx, await lockSlot(tx, seen));
      shown.key = await openCurrentKey(ctx, tx, slot);
      if (await isToBeRecorded(ctx, tx, slot, shown.key)) await recordFetch(ctx, tx, slot);
      return { tag: tagOf(slot, shown.key.version) };
    },
  );
  return { tag: answer.tag, key: shown.key };
}

/** Null: nobody, or nobody whom the caller sees. */
async function slotNamed(ctx: RequestContext, { organization, kind }: CurrentKeyQuery): Promise<ApiKeyRef | null> {
  if ('organizationId' in organization) return { ...organization, kind };
  const { scope } = ctx.actor;
  const { externalId } = organization;
  const [found] = await ctx.database.read(scope, (tx) => findExternalSlots(tx, scope, [{ externalId, kind }]));
  return found?.slot ?? null;
}

function requireReveal<Slot extends ApiKeySlot>(ctx: RequestContext, found: Slot | null): Slot {
  const slot = authorize(ctx.actor, 'apiKey:reveal', found, 'organization');
  decide(slot, { action: 'REVEAL' }, ctx.actor.authority, ctx.now);
  return slot;
}

function requireVersion(keyVersion: number | null | undefined): number {
  if (keyVersion == null) throw new Error('a string is without the version at which it was written');
  return keyVersion;
}

async function openCurrentKey(ctx: RequestContext, tx: Tx, slot: LockedSlot): Promise<CurrentKey> {
  const keyString = await openKeyString(ctx, tx, slot);
  const { kind, lastModifiedAt } = slot;
  if (keyString === null || lastModifiedAt === null) throw new Error('a slot with a fingerprint has no string');
  const [found] = await findOverlaps(tx, [slot]);
  const overlapEndsAt = overlapAt(found?.overlap ?? null, ctx.now)?.endsAt ?? null;
  return { keyString, kind, version: requireVersion(slot.sealed?.keyVersion), lastModifiedAt, overlapEndsAt };
}

/** Under a delegation, which may end any day, every fetch is. */
async function isToBeRecorded(
  ctx: RequestContext,
  tx: Tx,
  slot: LockedSlot,
  { version }: CurrentKey,
): Promise<boolean> {
  const { id, role } = ctx.actor;
  if (role !== 'SERVICE_ACCOUNT' || id === null) return true;
  const network = networkOf(ctx.ipAddress ?? '');
  return noteFetch(tx, slot, { serviceAccountId: id, keyVersion: version, at: ctx.now, network });
}

async function recordFetch(ctx: RequestContext, tx: Tx, slot: LockedSlot): Promise<void> {
  const isOnce = ctx.actor.role === 'SERVICE_ACCOUNT';
  await recordAudit(tx, ctx, {
    action,
    subject: slot,
    target: slot.organizationId,
    result: 'OK',
    before: auditState(slot, ctx.now),
    after: null,
    note: isOnce ? 'Fetched by a program: written down once for each string and network.' : null,
  });
}
