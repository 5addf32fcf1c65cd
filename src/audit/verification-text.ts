import { PLATFORM_ROOT_ID, type ServiceProviderId } from '../ids.ts';
import type { Breach, BreachKind } from './chain-check.ts';

export interface RootReport {
  readonly rootProviderId: ServiceProviderId;
  /** Sealed ones, as far as the chain is good. */
  readonly events: number;
  /** Those that wait to be sealed. */
  readonly waiting: number;
  /** When the chain was sealed last, if its head is not signed. */
  readonly unsignedSince: Date | null;
  readonly breach: Breach | null;
}

export interface Verification {
  readonly chains: number;
  readonly broken: number;
  /** Ids of signing keys whose rows were changed. */
  readonly changedKeys: readonly string[];
  /** False without the key encryption key: then the signatures prove little against a superuser. */
  readonly areKeysProven: boolean;
}

const meaning: Record<BreachKind, string> = {
  EVENT_CHANGED: 'the event is not as it was sealed',
  EVENT_MISSING: 'the event is gone',
  LINK_CHANGED: 'the hash of the link was changed',
  LINK_MISSING: 'the link is gone',
  LINK_ADDED: 'the link was added',
  LINK_BEYOND_HEAD: 'the link comes after the signed end of the chain',
  EVENT_OR_LINK_CHANGED: 'the event or its link was changed',
  TAIL_CUT: 'the chain was cut off here: it went on',
  HEAD_MISSING: 'the signed end of the chain is gone',
  HEAD_CHANGED: 'the end of the chain is not as it was signed',
  HEAD_UNSIGNED: 'the end of the chain is not signed (a server with the key encryption key signs it)',
  CHECKPOINT_NOT_IN_CHAIN: 'a checkpoint of this link says otherwise: the chain was rewritten here or before',
  CHECKPOINT_CHANGED: 'a checkpoint of this link is not as it was signed',
  EVENT_IN_NO_CHAIN: 'the event is in no chain and does not wait to be sealed',
  WAITING_EVENT_MISSING: 'the event is gone before it was sealed',
};

/** One line about one root provider's chain. */
export function lineOf({ rootProviderId, events, waiting, unsignedSince, breach }: RootReport): string {
  const root = rootProviderId === PLATFORM_ROOT_ID ? 'platform' : rootProviderId;
  if (breach !== null) return `${root}: BROKEN${placeOf(breach)}: ${meaning[breach.kind]}`;
  const notes = [
    ...(waiting > 0 ? [`${waiting} waiting to be sealed`] : []),
    ...(unsignedSince === null ? [] : [`not signed, sealed last at ${unsignedSince.toISOString()}`]),
  ];
  return `${root}: ok, ${events} events${notes.map((note) => `, ${note}`).join('')}`;
}

function placeOf({ sequence, eventId }: Breach): string {
  const link = sequence === null ? [] : [`link ${sequence}`];
  const event = eventId === null ? [] : [`event ${eventId}`];
  return [...link, ...event].length === 0 ? '' : ` at ${[...link, ...event].join(', ')}`;
}

export function isBroken({ broken, changedKeys }: Verification): boolean {
  return broken > 0 || changedKeys.length > 0;
}

/** What was compared with what, after the chains' own lines. @param checkpoints null when there were none to compare with */
export function summaryOf(
  { chains, broken, changedKeys, areKeysProven }: Verification,
  checkpoints: {
    readonly byRoot: ReadonlyMap<unknown, readonly unknown[]>;
    readonly unreadable: number;
    readonly later: number;
  } | null,
): string[] {
  const lines = changedKeys.map((id) => `signing key ${id}: BROKEN: its row was changed`);
  if (!areKeysProven) {
    lines.push('There is no key encryption key: signatures were checked by keys that a superuser can swap.');
  }
  if (checkpoints === null) {
    lines.push('There are no checkpoints to compare with: a tail that was cut off with its signed end goes unseen.');
  } else {
    const count = [...checkpoints.byRoot.values()].reduce((sum, { length }) => sum + length, 0);
    lines.push(`${count} checkpoints compared.`);
    if (checkpoints.later > 0) lines.push(`${checkpoints.later} of a later time were left out.`);
    if (checkpoints.unreadable > 0) lines.push(`${checkpoints.unreadable} lines of their file cannot be read.`);
  }
  return [...lines, `${chains} chains, ${broken} broken.`];
}
