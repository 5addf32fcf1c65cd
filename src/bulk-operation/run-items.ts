import { findSlots, lockSlots } from '../api-key/api-key.repository.ts';
import { applyChange } from '../api-key/api-key.ts';
import { type NewKey, writeKeys } from '../api-key/api-key-bulk.repository.ts';
import type { ApiKeySlot } from '../api-key/api-key-slot.ts';
import { sealKeyString } from '../api-key/key-material.ts';
import type { KeyString } from '../api-key/key-string.ts';
import { auditState } from '../api-key/run-key-command.ts';
import { recordAudits } from '../audit/record-audit.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import { type ItemEnd, writeItemEnds } from './bulk-item.repository.ts';
import { decideItem, type ItemDecision, missingItem, type Tally } from './bulk-operation.ts';
import type { BulkItem, BulkOperation } from './bulk-operation-row.ts';

/** An operation under way, with what it writes. */
export interface Job {
  readonly operation: BulkOperation;
  readonly keyString: KeyString;
}

/** One organization of an operation, looked at and decided. */
export interface DecidedItem {
  readonly item: BulkItem;
  /** Null of what names nothing in sight. */
  readonly slot: ApiKeySlot | null;
  readonly decision: ItemDecision;
}

/** Locks the slots, in the items' order, and decides for each as the single command would. A dry run only looks. */
export async function decideItems(
  ctx: RequestContext,
  tx: Tx,
  { operation, keyString }: Job,
  items: readonly BulkItem[],
): Promise<DecidedItem[]> {
  const kind = 'CLOUD_SERVICE';
  const refs = items.flatMap(({ rootProviderId, organizationId }) =>
    organizationId === null ? [] : [{ rootProviderId, organizationId, kind } as const],
  );
  const slots = await (operation.dryRun ? findSlots(tx, refs) : lockSlots(tx, refs));
  const byOrganization = new Map(slots.map((slot) => [slot.organizationId, slot]));
  const fingerprints = await fingerprintsOf(ctx, tx, keyString, slots);
  return items.map((item) => {
    const slot = item.organizationId === null ? null : (byOrganization.get(item.organizationId) ?? null);
    if (slot === null) return { item, slot, decision: { outcome: 'REFUSED', ...missingItem() } };
    const next = fingerprints.get(slot.rootProviderId) ?? null;
    return { item, slot, decision: decideItem(slot, { action: 'EDIT', next }, ctx.actor.authority, ctx.now) };
  });
}

/** Every root has keys of its own. */
async function fingerprintsOf(
  ctx: RequestContext,
  tx: Tx,
  keyString: KeyString,
  slots: readonly ApiKeySlot[],
): Promise<Map<ServiceProviderId, Fingerprint>> {
  const fingerprints = new Map<ServiceProviderId, Fingerprint>();
  for (const root of new Set(slots.map(({ rootProviderId }) => rootProviderId))) {
    fingerprints.set(root, (await ctx.keyRing.of(tx, root)).fingerprint(keyString));
  }
  return fingerprints;
}

/** Writes the string wherever it was decided to, and every such change and every refusal into its audit trail. */
export async function writeChanges(
  ctx: RequestContext,
  tx: Tx,
  { keyString }: Job,
  decided: readonly DecidedItem[],
): Promise<void> {
  const keys: NewKey[] = [];
  const entries: Parameters<typeof recordAudits>[2][number][] = [];
  for (const { item, slot, decision } of decided) {
    const entry = { action: 'api_key.sync', target: item.organizationId ?? item.givenId } as const;
    if (decision.outcome === 'REFUSED') {
      const subject = slot ?? ctx.actor.home;
      entries.push({ ...entry, subject, result: decision.code, before: null, after: null });
    }
    if (decision.outcome !== 'CHANGED' || slot === null) continue;
    keys.push({ slot, material: await sealKeyString(ctx, tx, slot, keyString) });
    const after = { ...applyChange(slot, decision.change), version: slot.version + 1 };
    const states = { before: auditState(slot, ctx.now), after: auditState(after, ctx.now) };
    entries.push({ ...entry, subject: slot, result: 'OK', ...states });
  }
  await writeKeys(tx, keys, { at: ctx.now, byId: ctx.actor.id, byName: ctx.actor.displayName });
  await recordAudits(tx, ctx, entries, null);
}

/** Keeps how each ended that is not changed; what names nothing was kept when the items were made. */
export function keepOutcomes(tx: Tx, { operation }: Job, decided: readonly DecidedItem[]): Promise<void> {
  const ends: ItemEnd[] = [];
  for (const { item, decision } of decided) {
    if (decision.outcome === 'CHANGED' || item.givenId !== null) continue;
    const { code, message } = decision.outcome === 'REFUSED' ? decision : { code: null, message: null };
    ends.push({ item, outcome: decision.outcome, code, message });
  }
  return writeItemEnds(tx, operation, ends);
}

export function tallyOf(decided: readonly DecidedItem[]): Tally {
  const count = (outcome: ItemDecision['outcome']) => decided.filter((one) => one.decision.outcome === outcome).length;
  return { changed: count('CHANGED'), unchanged: count('UNCHANGED'), refused: count('REFUSED') };
}
