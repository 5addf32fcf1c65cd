import {
  type ApiKeyAction,
  type ApiKeyCommand,
  apiKeyActions,
  apiKeyKinds,
  type SlotChange,
  type SlotState,
  type StoredDisablementReason,
  type StoredDisablementSource,
  storedDisablementReasons,
} from '../../../src/api-key/api-key.ts';
import { DomainError } from '../../../src/errors.ts';
import type { Authority } from '../../../src/identity/permissions.ts';
import type { SubscriptionTerm } from '../../../src/subscription/subscription.ts';
import type { Row } from '../text-table.ts';
import { fingerprintOf } from './fingerprints.ts';

/** A slot, and what is to be known of it in the words of domain-tables.ts. */
export interface Situation {
  readonly facts: Row;
  readonly slot: SlotState;
}

export interface Attempted {
  readonly action: ApiKeyAction;
  readonly facts: Row;
  readonly commandFor: (slot: SlotState) => ApiKeyCommand;
}

export const NOW = new Date('2025-06-15T12:00:00Z');
export const words: Readonly<Record<Authority, string>> = {
  ORGANIZATION: 'org',
  SERVICE_PROVIDER: 'provider',
  PLATFORM: 'platform',
  SYSTEM: 'system',
};
export const authorities: readonly Authority[] = ['ORGANIZATION', 'SERVICE_PROVIDER', 'PLATFORM', 'SYSTEM'];

const letters: Readonly<Record<StoredDisablementSource, string>> = {
  SERVICE_PROVIDER: 'S',
  PLATFORM: 'P',
  CALL_THRESHOLD: 'C',
};
const sets: readonly (readonly StoredDisablementSource[])[] = [
  [],
  ['SERVICE_PROVIDER'],
  ['PLATFORM'],
  ['CALL_THRESHOLD'],
  ['SERVICE_PROVIDER', 'PLATFORM'],
  ['CALL_THRESHOLD', 'SERVICE_PROVIDER'],
  ['CALL_THRESHOLD', 'PLATFORM'],
  ['CALL_THRESHOLD', 'PLATFORM', 'SERVICE_PROVIDER'],
];
const subscriptions: Readonly<Record<string, SubscriptionTerm | null>> = {
  none: null,
  scheduled: term(1, 30, null),
  again: term(1, 30, -10),
  active: term(-30, 30, null),
  expired: term(-30, -1, null),
};

const CURRENT = fingerprintOf('Current00000');
const NEXT = fingerprintOf('Next00000000');

export const situations: readonly Situation[] = apiKeyKinds.flatMap((kind) =>
  [CURRENT, null].flatMap((fingerprint) =>
    sets.flatMap((disabledBy) =>
      Object.entries(subscriptions).map(([name, subscription]) => ({
        facts: {
          kind: kind === 'CLOUD_SERVICE' ? 'cloud' : 'sandbox',
          key: fingerprint === null ? 'no' : 'yes',
          'disabled by': lettersOf(disabledBy) || '-',
          subscription: name,
        },
        slot: Object.freeze({ kind, fingerprint, disabledBy: Object.freeze(disabledBy), subscription }),
      })),
    ),
  ),
);

export const attempts: readonly Attempted[] = [
  attempt('ADD', 'valid', () => ({ action: 'ADD', next: NEXT })),
  attempt('EDIT', 'valid', () => ({ action: 'EDIT', next: NEXT })),
  attempt('EDIT', 'malformed', () => ({ action: 'EDIT', next: null })),
  attempt('EDIT', 'same', (slot) => ({ action: 'EDIT', next: slot.fingerprint ?? CURRENT })),
  attempt('REGENERATE', 'valid', () => ({ action: 'REGENERATE', next: NEXT })),
  attempt('DELETE', 'valid', () => ({ action: 'DELETE' })),
  attempt('REVEAL', 'valid', () => ({ action: 'REVEAL' })),
  ...storedDisablementReasons.flatMap((reason) => [
    disabling('valid', reason, 'why'),
    disabling(reason === 'OTHER' ? 'unexplained' : 'valid', reason, null),
  ]),
  disabling('unexplained', 'OTHER', ' \n'),
  attempt('ENABLE', 'valid', () => ({ action: 'ENABLE', note: 'why' })),
  attempt('ENABLE', 'unexplained', () => ({ action: 'ENABLE', note: '' })),
  attempt('ENABLE', 'unexplained', () => ({ action: 'ENABLE', note: ' \n' })),
];

export const attemptsByAction = apiKeyActions.map((action) => ({
  action,
  attempts: attempts.filter((candidate) => candidate.action === action),
}));

/** What came of it, in the words of the column "outcome". */
export function outcomeOf(slot: SlotState, command: ApiKeyCommand, run: () => SlotChange): string {
  try {
    return describeChange(slot, command, run());
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

export function isRefusal(outcome: string): boolean {
  return /^[A-Z_]+$/.test(outcome);
}

function describeChange(slot: SlotState, command: ApiKeyCommand, change: SlotChange): string {
  const given = 'next' in command ? command.next : undefined;
  const key = change.fingerprint === null ? 'is empty' : 'holds the given string';
  const effects = [
    ...(change.fingerprint === slot.fingerprint
      ? []
      : [change.fingerprint === (given ?? null) ? key : 'holds another']),
    ...(change.disable === null ? [] : [`gains ${letters[change.disable]}`]),
    ...(change.lift.length === 0 ? [] : [`loses ${lettersOf(change.lift)}`]),
  ];
  return effects.join(', ') || 'stays';
}

/** In the order S, P, C, whatever the order of the set; doubles stay visible. */
export function lettersOf(sources: readonly StoredDisablementSource[]): string {
  return ['S', 'P', 'C']
    .flatMap((letter) => sources.filter((source) => letters[source] === letter).map(() => letter))
    .join('');
}

function attempt(action: ApiKeyAction, input: string, commandFor: Attempted['commandFor']): Attempted {
  return { action, facts: { command: action.toLowerCase(), input }, commandFor };
}

function disabling(input: string, reason: StoredDisablementReason, note: string | null): Attempted {
  return attempt('DISABLE', input, () => ({ action: 'DISABLE', reason, note }));
}

function term(startsInDays: number, endsInDays: number, previousEndedInDays: number | null): SubscriptionTerm {
  const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
  return Object.freeze({
    startsAt: inDays(startsInDays),
    endsAt: inDays(endsInDays),
    cancelledAt: null,
    previousEndedAt: previousEndedInDays === null ? null : inDays(previousEndedInDays),
  });
}
