import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { DomainError } from '../errors.ts';
import type { Call, CallSlot, Decision, Proof } from './call.ts';
import { decideCall } from './decide-call.ts';
import { type Ledger, slotKey } from './ledger.ts';

/** A call with all that there is to know about it. */
export interface KnownCall {
  readonly call: Call;
  /** Why the gateway may not ask; null when it may. */
  readonly refusal: DomainError | null;
  /** Null: no organization that the gateway sees. */
  readonly slot: CallSlot | null;
  readonly proof: Proof;
}

/** What one transaction makes of a call. */
export type Outcome =
  | { readonly kind: 'DECIDED'; readonly decision: Decision; readonly slot: ApiKeyRef | null }
  | { readonly kind: 'REFUSED'; readonly error: DomainError }
  /** It takes the counter of this slot, which the transaction does not hold. */
  | { readonly kind: 'AGAIN'; readonly slot: ApiKeyRef }
  /** It is over the threshold, or comes after one that is: whoever decides it must be able to disable the key. */
  | { readonly kind: 'EXCEEDS'; readonly slot: ApiKeyRef };

/**
 * Decides one call after the other, as if each were alone, and counts what it accepts.
 * @param disable does so to a slot whose threshold is exceeded; null: such calls, and all after them, are put off
 */
export function decideInOrder(
  calls: readonly KnownCall[],
  ledger: Ledger,
  now: Date,
  disable: ((slot: CallSlot) => CallSlot) | null,
): Outcome[] {
  const putOff = new Set<string>();
  const disabled = new Map<string, CallSlot>();
  return calls.map(({ call, refusal, slot: given, proof }): Outcome => {
    if (refusal !== null) return { kind: 'REFUSED', error: refusal };
    const slot = given === null ? null : (disabled.get(slotKey(given)) ?? given);
    const { decision, counted, exceeds } = decideCall(slot, proof, call, counterOf(ledger, slot), now);
    if (slot === null || decision.organization === null) return { kind: 'DECIDED', decision, slot: null };
    if (!ledger.holds(slot)) return { kind: 'AGAIN', slot };
    if (disable === null && (exceeds || putOff.has(slotKey(slot)))) {
      putOff.add(slotKey(slot));
      return { kind: 'EXCEEDS', slot };
    }
    if (counted !== null) ledger.count(slot, counted, now, call.address);
    if (!exceeds || disable === null) return { kind: 'DECIDED', decision, slot };
    const after = disable(slot);
    disabled.set(slotKey(slot), after);
    return { kind: 'DECIDED', decision: { ...decision, disabledBy: after.disabledBy }, slot };
  });
}

function counterOf(ledger: Ledger, slot: CallSlot | null) {
  return slot === null ? null : ledger.counterOf(slot);
}
