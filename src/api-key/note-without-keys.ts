import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError } from '../errors.ts';
import { PLATFORM_ROOT_ID, type ServiceProviderId } from '../ids.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';
import { LONGEST_NOTE } from '../text.ts';
import { findHeldStrings } from './held-strings.repository.ts';
import { keyStringsIn, maskKeys, withoutKeys } from './key-string.ts';

/**
 * A note as it is kept and sent on: masked is each word of it that an organization in sight has as its key. Where that
 * cannot be told, each that may be a key is.
 * @param root whose organizations it is about; null: of others than the transaction sees
 */
export async function noteWithoutKeys<Note extends string | null>(
  ctx: RequestContext,
  tx: Tx,
  root: ServiceProviderId | null,
  note: Note,
): Promise<Note | string> {
  if (note === null || note.trim().length > LONGEST_NOTE) return note; // one that is too long is refused, and not kept
  const words = keyStringsIn(note);
  if (words.length === 0) return note;
  const keys = root === null || root === PLATFORM_ROOT_ID ? null : await keysOf(ctx, tx, root);
  if (root === null || keys === null) return withoutKeys(note);
  const held = await findHeldStrings(
    tx,
    root,
    words.map((word) => keys.fingerprint(word)),
  );
  return maskKeys(note, (word) => held.has(keys.fingerprint(word)));
}

/** Null without the key that they are wrapped by: a key is disabled and enabled without it. */
async function keysOf({ keyRing }: RequestContext, tx: Tx, root: ServiceProviderId): Promise<TenantKeys | null> {
  try {
    return await keyRing.of(tx, root);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'SECRETS_UNAVAILABLE') return null;
    throw error;
  }
}
