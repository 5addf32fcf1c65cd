import { KeyString, parseNewKey } from '../api-key/key-string.ts';
import { takeKeyString } from '../api-key-group/take-key-string.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { validationFailed } from '../errors.ts';
import type { BulkOperationRef, OrganizationRef } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { isStringNowhere, readStringAgain } from './read-string-again.ts';
import { runBulkCommand } from './run-bulk-command.ts';
import type { BulkTarget } from './start-operation.ts';
import { syncAction } from './sync-action.ts';

export interface SyncInput extends BulkTarget {
  /** Null: one is generated, or taken. */
  readonly newKey: Secret | null;
  /** Whose string is taken; `'UNKNOWN'`: an id that names nothing. */
  readonly newKeyFrom: OrganizationRef | 'UNKNOWN' | null;
}

export interface SyncOutcome {
  readonly operation: BulkOperationRef;
  /** Null for callers without `apiKey:reveal`, of a dry run that generated one, of what waits for approval, when no organization was given it, and of a string that was taken. */
  readonly keyString: KeyString | null;
}

/**
 * The same string in many organizations (DOMAIN.md, "Sync"). Few are done before it answers, all in one transaction; many
 * are left to the background, as `PENDING`, as is what somebody else has to approve first.
 * @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED`, `INVALID_KEY_FORMAT`, `NOT_FOUND`, `KEY_NOT_FOUND`, `TOO_MANY_TARGETS`,
 *   `IDEMPOTENCY_KEY_REUSED`
 */
export async function syncApiKey(ctx: RequestContext, input: SyncInput): Promise<SyncOutcome> {
  const { newKeyFrom, dryRun } = input;
  const newKey = input.newKey?.expose() ?? null;
  let keyString: KeyString | null = null;
  const more = { newKey, newKeyFrom };
  const { answer, replayed } = await runBulkCommand(ctx, 'SYNC_API_KEY', input, more, async (tx) => {
    keyString = await stringFor(ctx, tx, input);
    const keys = await ctx.keyRing.of(tx, ctx.actor.home.rootProviderId);
    const command = { kind: 'SYNC_API_KEY', fingerprint: keys.fingerprint(keyString) } as const;
    return { command, secret: keyString, action: syncAction(ctx, keyString) };
  });
  const isShown = newKeyFrom === null && !(dryRun && newKey === null);
  if (!isShown || !ctx.actor.permissions.has('apiKey:reveal')) return { operation: answer, keyString: null };
  if (await isStringNowhere(ctx, answer)) return { operation: answer, keyString: null };
  if (!replayed) return { operation: answer, keyString };
  const again = newKey === null ? await readStringAgain(ctx, answer) : KeyString.parse(newKey);
  return { operation: answer, keyString: again };
}

/** @throws DomainError `VALIDATION_FAILED`, `INVALID_KEY_FORMAT`; for a string that is taken also `NOT_FOUND`, `KEY_NOT_FOUND` */
async function stringFor(ctx: RequestContext, tx: Tx, { newKey, newKeyFrom }: SyncInput): Promise<KeyString> {
  if (newKeyFrom === null) return newKey === null ? KeyString.generate() : parseNewKey(newKey.expose());
  if (newKey !== null) throw validationFailed('newKeyFrom', 'Give newKey or newKeyFrom: one of the two.');
  return takeKeyString(ctx, tx, newKeyFrom === 'UNKNOWN' ? null : newKeyFrom);
}
