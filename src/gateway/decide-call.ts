import { disablementSources } from '../api-key/api-key.ts';
import { acceptsString, acceptsVersion } from '../api-key/overlap.ts';
import { subscriptionRefusal } from '../subscription/subscription.ts';
import { type Counted, type Counter, countCall, fits, standingAt } from '../usage/count-calls.ts';
import type { Call, CallSlot, Decision, DecisionCode, Proof } from './call.ts';

export interface Verdict {
  readonly decision: Decision;
  /** What is to be written down before the decision is told; null unless it is VALID. */
  readonly counted: Counted | null;
  /** Whether the call is to disable the key: it is the first over the threshold. */
  readonly exceeds: boolean;
}

const NOBODY = { organization: null, callsUsed: null, callThreshold: null, resetsAt: null, disabledBy: [] };
/** With these an open session may go on reading when its subscription has ended (DOMAIN.md, decision 2). */
const READING: readonly (string | null)[] = ['GET', 'HEAD'];

/**
 * Whether a call may pass. Of what does not prove right nothing is told but that. After that the first refusal counts:
 * somebody disabled the key, the subscription does not hold, the threshold is used up.
 * @param slot null: no organization that the gateway sees
 * @param counter null: no call was ever counted
 */
export function decideCall(
  slot: CallSlot | null,
  proof: Proof,
  call: Pick<Call, 'cost' | 'method'>,
  counter: Counter | null,
  now: Date,
): Verdict {
  if (slot === null || !isProved(slot, proof, now)) return refusedAsUnknown(proof);
  const verdict = (code: DecisionCode, counted: Counted | null = null): Verdict => {
    const { window, used } = standingAt(counted?.counter ?? counter, slot, now);
    const { rootProviderId, organizationId, callThreshold } = slot;
    return {
      decision: {
        code,
        organization: { rootProviderId, organizationId },
        callsUsed: used,
        callThreshold,
        resetsAt: window.endsAt,
        disabledBy: disablementSources(slot, now),
      },
      counted,
      exceeds: false,
    };
  };
  if (slot.disabledBy.some((source) => source !== 'CALL_THRESHOLD')) return verdict('DISABLED');
  const mayRead = proof.by === 'SESSION' && READING.includes(call.method);
  if (!mayRead && subscriptionRefusal(slot.subscription, now) !== null) return verdict('SUBSCRIPTION_EXPIRED');
  if (slot.disabledBy.length > 0) return verdict('THRESHOLD_EXCEEDED');
  if (!fits(standingAt(counter, slot, now), slot, call.cost))
    return { ...verdict('THRESHOLD_EXCEEDED'), exceeds: true };
  return verdict('VALID', countCall(counter, slot, call.cost, now));
}

function isProved(slot: CallSlot, proof: Proof, now: Date): boolean {
  switch (proof.by) {
    case 'KEY':
      return acceptsString(slot, proof.fingerprint, now);
    case 'SESSION': {
      const { session } = proof;
      return (
        session?.holds === true &&
        session.organizationId === slot.organizationId &&
        acceptsVersion(slot, session.slotVersion, now)
      );
    }
    case 'TOKEN':
      return proof.holds;
  }
}

function refusedAsUnknown({ by }: Proof): Verdict {
  const code = by === 'SESSION' ? 'SESSION_NOT_VALID' : 'NOT_FOUND';
  return { decision: { ...NOBODY, code }, counted: null, exceeds: false };
}
