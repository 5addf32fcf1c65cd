import type { KeyObject } from 'node:crypto';
import type { ServiceProviderId } from '../ids.ts';
import { type ChainedEvent, firstHash, nextHash } from './audit-chain.ts';
import { type AuditHead, type AuditHeadRow, isSameHead, readSignedHead } from './audit-head.ts';

export const breachKinds = [
  'EVENT_CHANGED',
  'EVENT_MISSING',
  'LINK_CHANGED',
  'LINK_MISSING',
  'LINK_ADDED',
  'LINK_BEYOND_HEAD',
  'EVENT_OR_LINK_CHANGED',
  'TAIL_CUT',
  'HEAD_MISSING',
  'HEAD_CHANGED',
  'HEAD_UNSIGNED',
  'CHECKPOINT_NOT_IN_CHAIN',
  'CHECKPOINT_CHANGED',
  'EVENT_IN_NO_CHAIN',
  'WAITING_EVENT_MISSING',
] as const;
export type BreachKind = (typeof breachKinds)[number];

/** The first row of a chain that is not as it was written. */
export interface Breach {
  readonly kind: BreachKind;
  /** Of the link at fault, or of the first that is gone; null where none is. */
  readonly sequence: number | null;
  /** Null where nothing that is left names the event. */
  readonly eventId: string | null;
}

export interface ChainEntry {
  readonly sequence: number;
  readonly eventId: string;
  readonly hash: Buffer;
  /** Null when there is none of that id. */
  readonly event: ChainedEvent | null;
}

/** A link that does not fit, and the hash that would: what comes next tells whether the event or the hash was changed. */
interface Suspect {
  readonly entry: ChainEntry;
  readonly fitting: Buffer;
}

/**
 * Checks one root's chain: its links in their order, then its head. The first breach is the one; after it nothing more is
 * to be added.
 */
export class ChainCheck {
  #sequence = 0;
  #hash: Buffer;
  #suspect: Suspect | null = null;
  /** Heads that were signed once, by sequence: two of one sequence that differ tell of a chain that was sealed anew. */
  readonly #checkpoints: ReadonlyMap<number, readonly AuditHead[]>;

  constructor(rootProviderId: ServiceProviderId, checkpoints: readonly AuditHead[]) {
    this.#hash = firstHash(rootProviderId);
    this.#checkpoints = Map.groupBy(checkpoints, ({ sequence }) => sequence);
  }

  /** How many links are known to be good. */
  get length(): number {
    return this.#sequence;
  }

  add(entry: ChainEntry): Breach | null {
    if (this.#suspect !== null) return this.#explain(this.#suspect, (hash) => follows(hash, entry));
    const expected = this.#sequence + 1;
    const { sequence, eventId, hash, event } = entry;
    if (sequence < expected) return { kind: 'LINK_ADDED', sequence, eventId };
    if (sequence > expected) return { kind: 'LINK_MISSING', sequence: expected, eventId: null };
    if (event === null) return { kind: 'EVENT_MISSING', sequence, eventId };
    const fitting = nextHash(this.#hash, event);
    if (!fitting.equals(hash)) {
      this.#suspect = { entry, fitting };
      return null;
    }
    if (this.#checkpoints.get(sequence)?.some((checkpoint) => !checkpoint.hash.equals(hash))) {
      return { kind: 'CHECKPOINT_NOT_IN_CHAIN', sequence, eventId };
    }
    this.#sequence = sequence;
    this.#hash = hash;
    return null;
  }

  /** @param keys that may have signed the head; @param mustBeSigned false where nobody could have signed it */
  async finish(
    head: AuditHeadRow | null,
    keys: ReadonlyMap<string, KeyObject>,
    mustBeSigned: boolean,
  ): Promise<Breach | null> {
    if (this.#suspect !== null) return this.#explainLast(this.#suspect, head);
    const isCutOff = (end: number) => (this.#sequence < end ? breach('TAIL_CUT', this.#sequence + 1) : null);
    const tailCut = isCutOff(Math.max(0, ...this.#checkpoints.keys()));
    if (tailCut !== null) return tailCut;
    if (head === null) return this.#sequence > 0 ? breach('HEAD_MISSING', null) : null;
    const { signature, sequence, hash } = head;
    if (signature !== null && !(await isSignedAs(head, signature, keys))) return breach('HEAD_CHANGED', null);
    if (sequence < this.#sequence) return breach('LINK_BEYOND_HEAD', sequence + 1);
    if (sequence === this.#sequence && !hash.equals(this.#hash)) return breach('HEAD_CHANGED', null);
    return isCutOff(sequence) ?? (signature === null && mustBeSigned ? breach('HEAD_UNSIGNED', null) : null);
  }

  #explainLast(suspect: Suspect, head: AuditHeadRow | null): Breach {
    const { sequence, eventId } = suspect.entry;
    if (head !== null && head.sequence < sequence) return breach('LINK_BEYOND_HEAD', sequence, eventId);
    return this.#explain(suspect, (hash) => head?.sequence === sequence && head.hash.equals(hash));
  }

  #explain({ entry, fitting }: Suspect, isConfirmed: (hash: Buffer) => boolean): Breach {
    const { sequence, eventId } = entry;
    if (isConfirmed(fitting)) return { kind: 'LINK_CHANGED', sequence, eventId };
    return { kind: isConfirmed(entry.hash) ? 'EVENT_CHANGED' : 'EVENT_OR_LINK_CHANGED', sequence, eventId };
  }
}

function breach(kind: BreachKind, sequence: number | null, eventId: string | null = null): Breach {
  return { kind, sequence, eventId };
}

function follows(previous: Buffer, { event, hash }: ChainEntry): boolean {
  return event !== null && nextHash(previous, event).equals(hash);
}

async function isSignedAs(head: AuditHead, signature: string, keys: ReadonlyMap<string, KeyObject>): Promise<boolean> {
  const signed = await readSignedHead(signature, keys);
  return signed !== null && isSameHead(signed, head);
}
