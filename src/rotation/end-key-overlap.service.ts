import { findSlots, lockSlot } from '../api-key/api-key.repository.ts';
import type { ApiKeyKind } from '../api-key/api-key.ts';
import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import {
  findOverlaps,
  findRootsWithPastOverlaps,
  forgetOverlaps,
  writeOverlapEnd,
} from '../api-key/overlap.repository.ts';
import { overlapAt } from '../api-key/overlap.ts';
import { auditState } from '../api-key/run-key-command.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { eachAlone } from '../each-alone.ts';
import { DomainError } from '../errors.ts';
import { authorize } from '../identity/authorize.ts';
import type { OrganizationRef } from '../ids.ts';
import { deletePastNotices } from './notice.repository.ts';

const MOST_AT_ONCE = 1000;
const NOTICES_KEPT_MS = 30 * 24 * 60 * 60_000;

export interface EndKeyOverlap {
  /** Null: an id that names nothing. */
  readonly organization: OrganizationRef | null;
  readonly kind: ApiKeyKind;
  readonly idempotencyKey: string | null;
}

/**
 * The old string of a slot works no longer, with the sessions that were opened with it; the new one works on, and the slot
 * stays at its version.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `KEY_UNCHANGED` when only one string works
 */
export async function endKeyOverlap(ctx: RequestContext, input: EndKeyOverlap): Promise<ApiKeyRef> {
  const { organization, kind, idempotencyKey } = input;
  const find = async (tx: Tx) => (organization === null ? null : lockSlot(tx, { ...organization, kind }));
  const command = {
    action: 'api_key.end_overlap' as const,
    input: { organization, kind },
    idempotencyKey,
    target: organization?.organizationId ?? null,
    locate: async (tx: Tx) =>
      organization === null ? null : ((await findSlots(tx, [{ ...organization, kind }]))[0] ?? null),
  };
  const { answer } = await runCommand<ApiKeyRef>(ctx, command, async (tx) => {
    const slot = authorize(ctx.actor, 'apiKey:manage', await find(tx), 'organizationId');
    const [found] = await findOverlaps(tx, [slot]);
    const overlap = overlapAt(found?.overlap ?? null, ctx.now);
    if (overlap === null) {
      throw new DomainError('KEY_UNCHANGED', 'The old key has stopped working already: only the current one works.');
    }
    await writeOverlapEnd(tx, slot);
    const state = auditState(slot, ctx.now);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: slot,
      target: slot.organizationId,
      result: 'OK',
      before: { ...state, overlapEndsAt: overlap.endsAt.toISOString() },
      after: state,
      note: null,
    });
    const { rootProviderId, organizationId } = slot;
    return { rootProviderId, organizationId, kind };
  });
  return answer;
}

/** Old strings that work no longer are not kept, nor that somebody was told of strings that are not held any more. */
export async function forgetOldStrings(services: Services, now: Date): Promise<void> {
  const { database } = services;
  const before = new Date(now.getTime() - NOTICES_KEPT_MS);
  await database.withTransaction(PLATFORM_SCOPE, (tx) => deletePastNotices(tx, before));
  const roots = await database.read(PLATFORM_SCOPE, (tx) => findRootsWithPastOverlaps(tx, now));
  await eachAlone(services, 'forgetting old key strings', roots, async (root) => {
    for (let forgotten = MOST_AT_ONCE; forgotten === MOST_AT_ONCE; ) {
      forgotten = await database.withTransaction(PLATFORM_SCOPE, (tx) => forgetOverlaps(tx, root, now, MOST_AT_ONCE));
    }
  });
}
