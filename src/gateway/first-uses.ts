import { isFirstUse } from '../api-key/overlap.ts';
import type { CallSlot } from './call.ts';
import type { KnownCall, Outcome } from './decide-in-order.ts';

/** Slots whose new string was used for the first time by these calls, while the old one still works. */
export function firstUsedSlots(calls: readonly KnownCall[], outcomes: readonly Outcome[], now: Date): CallSlot[] {
  return calls.flatMap(({ slot, proof }, index) => {
    if (slot === null || slot.overlap === null || proof.by !== 'KEY') return [];
    const outcome = outcomes[index];
    const isAccepted = outcome?.kind === 'DECIDED' && outcome.decision.code === 'VALID';
    return isAccepted && isFirstUse(slot, proof.fingerprint, now) ? [slot] : [];
  });
}
