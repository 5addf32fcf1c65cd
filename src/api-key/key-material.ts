import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import { type ApiKeySlot, type KeyMaterial, type LockedSlot, sealingContext } from './api-key-slot.ts';
import { KeyString } from './key-string.ts';

/** A new string for the slot, never the one that it holds. */
export async function generateNextString(
  ctx: Pick<RequestContext, 'keyRing'>,
  tx: Tx,
  slot: ApiKeySlot,
): Promise<{ readonly keyString: KeyString; readonly fingerprint: Fingerprint }> {
  const keys = await ctx.keyRing.of(tx, slot.rootProviderId);
  for (;;) {
    const keyString = KeyString.generate();
    const fingerprint = keys.fingerprint(keyString);
    if (fingerprint !== slot.fingerprint) return { keyString, fingerprint };
  }
}

/** Seals the string for the slot's next version. */
export async function sealKeyString(
  ctx: Pick<RequestContext, 'keyRing'>,
  tx: Tx,
  slot: ApiKeySlot,
  keyString: KeyString,
): Promise<KeyMaterial> {
  const keys = await ctx.keyRing.of(tx, slot.rootProviderId);
  return {
    ...keys.seal(keyString, sealingContext(slot, slot.version + 1)),
    fingerprint: keys.fingerprint(keyString),
    lastFour: keyString.lastFour,
  };
}

/** Null while the slot is empty. @throws Error when what is kept was not sealed for this slot */
export async function openKeyString(
  ctx: Pick<RequestContext, 'keyRing'>,
  tx: Tx,
  slot: LockedSlot,
): Promise<KeyString | null> {
  if (slot.sealed === null) return null;
  const keys = await ctx.keyRing.of(tx, slot.rootProviderId, slot.sealed.dataKeyVersion);
  const plain = keys.open(slot.sealed, sealingContext(slot, slot.sealed.keyVersion));
  const keyString = KeyString.parse(plain.expose());
  if (keyString === null) throw new Error('what was sealed is no key string');
  return keyString;
}
