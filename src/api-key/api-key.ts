import { DomainError } from '../errors.ts';
import { type Authority, NOT_FOR_ORGANIZATIONS, type Permission } from '../identity/permissions.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import { expiredSince, type SubscriptionTerm, subscriptionRefusal } from '../subscription/subscription.ts';
import { malformedKey } from './key-string.ts';

export const apiKeyKinds = ['CLOUD_SERVICE', 'SANDBOX_SUBMISSION'] as const;
export type ApiKeyKind = (typeof apiKeyKinds)[number];
export const apiKeyStatuses = ['NONE', 'ENABLED', 'DISABLED'] as const;
export type ApiKeyStatus = (typeof apiKeyStatuses)[number];

/** Sources that are kept; `SUBSCRIPTION_EXPIRED` is derived from the clock and never stored. */
export type StoredDisablementSource = 'SERVICE_PROVIDER' | 'PLATFORM' | 'CALL_THRESHOLD';
export const disablementSourceNames = [
  'PLATFORM',
  'SERVICE_PROVIDER',
  'CALL_THRESHOLD',
  'SUBSCRIPTION_EXPIRED',
] as const;
export type DisablementSource = (typeof disablementSourceNames)[number];
export const storedDisablementReasons = [
  'TERMS_VIOLATION',
  'CALL_THRESHOLD_EXCEEDED',
  'SECURITY_INCIDENT',
  'NON_PAYMENT',
  'OTHER',
] as const;
export type StoredDisablementReason = (typeof storedDisablementReasons)[number];
export const disablementReasons = [...storedDisablementReasons, 'SUBSCRIPTION_EXPIRED'] as const;
export type DisablementReason = (typeof disablementReasons)[number];

export const apiKeyActions = ['ADD', 'EDIT', 'REGENERATE', 'DELETE', 'REVEAL', 'ENABLE', 'DISABLE'] as const;
export type ApiKeyAction = (typeof apiKeyActions)[number];

export const permissionFor: Record<ApiKeyAction, Permission> = {
  ADD: 'apiKey:manage',
  EDIT: 'apiKey:manage',
  REGENERATE: 'apiKey:manage',
  DELETE: 'apiKey:manage',
  REVEAL: 'apiKey:reveal',
  ENABLE: 'apiKey:enable',
  DISABLE: 'apiKey:enable',
};

export interface SlotState {
  readonly kind: ApiKeyKind;
  /** Fingerprint of the string that the slot holds; null while it is empty. */
  readonly fingerprint: Fingerprint | null;
  readonly disabledBy: readonly StoredDisablementSource[];
  readonly subscription: SubscriptionTerm | null;
}

export type ApiKeyCommand =
  | { readonly action: 'ADD' | 'REGENERATE'; readonly next: Fingerprint }
  /** `next` is null when the given text is not a key string. */
  | { readonly action: 'EDIT'; readonly next: Fingerprint | null }
  | { readonly action: 'DELETE' | 'REVEAL' }
  | { readonly action: 'DISABLE'; readonly reason: StoredDisablementReason; readonly note: string | null }
  | { readonly action: 'ENABLE'; readonly note: string };

/** What a command does to a slot. */
export interface SlotChange {
  readonly fingerprint: Fingerprint | null;
  readonly disable: StoredDisablementSource | null;
  readonly lift: readonly StoredDisablementSource[];
}

export function disablementSources(slot: SlotState, now: Date): DisablementSource[] {
  return expiredSince(slot.subscription, now) === null
    ? [...slot.disabledBy]
    : [...slot.disabledBy, 'SUBSCRIPTION_EXPIRED'];
}

/** `ENABLED` only while nothing disables it; `NONE` is an empty slot that nothing disables. */
export function apiKeyStatus(slot: SlotState, now: Date): ApiKeyStatus {
  if (disablementSources(slot, now).length > 0) return 'DISABLED';
  return slot.fingerprint === null ? 'NONE' : 'ENABLED';
}

/** @throws DomainError with the code that DOMAIN.md, "Commands on a key", gives for the first rule broken */
export function decide(slot: SlotState, command: ApiKeyCommand, authority: Authority, now: Date): SlotChange {
  const refusal = refusalOfAction(slot, command.action, authority, now, command);
  if (refusal !== null) throw refusal;
  const unchanged = { fingerprint: slot.fingerprint, disable: null, lift: [] };
  switch (command.action) {
    case 'ADD':
    case 'EDIT':
    case 'REGENERATE':
      return { ...unchanged, fingerprint: command.next };
    case 'DELETE':
      return { ...unchanged, fingerprint: null };
    case 'REVEAL':
      return unchanged;
    case 'DISABLE':
      return { ...unchanged, disable: sourceOf(authority) };
    case 'ENABLE':
      return { ...unchanged, lift: liftable(slot, authority) };
  }
}

/** What may be done to the slot right now, before anything is known of the input. */
export function possibleActions(slot: SlotState, authority: Authority, now: Date): ApiKeyAction[] {
  return apiKeyActions.filter((action) => refusalOfAction(slot, action, authority, now) === null);
}

/** The slot as it is after the change. */
export function applyChange<Slot extends SlotState>(slot: Slot, change: SlotChange): Slot {
  const kept = slot.disabledBy.filter((source) => !change.lift.includes(source));
  return {
    ...slot,
    fingerprint: change.fingerprint,
    disabledBy: change.disable === null ? kept : [...kept, change.disable],
  };
}

/** A subscription that starts fills an empty slot unless something disables it (DOMAIN.md, decision 4). */
export function isProvisionable(slot: SlotState): boolean {
  return slot.kind === 'CLOUD_SERVICE' && slot.fingerprint === null && slot.disabledBy.length === 0;
}

interface Attempt {
  readonly slot: SlotState;
  readonly authority: Authority;
  readonly now: Date;
  /** Absent while only the action is known. */
  readonly command: ApiKeyCommand | undefined;
}
type Check = (attempt: Attempt) => DomainError | null;

/** The column "refused with" of DOMAIN.md, "Commands on a key", in its order: the first that applies is the answer. */
const checks: Record<ApiKeyAction, readonly Check[]> = {
  ADD: [refuseSecondKey, refuseDisabled, refuseWithoutSubscription],
  EDIT: [
    refuseEmptySlot,
    refuseMalformedKey,
    refuseSameKey,
    refuseUneditableKind,
    refuseDisabledForOrganization,
    refuseWithoutSubscription,
  ],
  REGENERATE: [refuseEmptySlot, refuseDisabled, refuseWithoutSubscription],
  DELETE: [refuseEmptySlot, refuseDisabled, refuseWithoutSubscription],
  REVEAL: [refuseEmptySlot],
  DISABLE: [refuseOrganization, refuseMissingNote, refuseSecondDisablement],
  ENABLE: [refuseOrganization, refuseMissingNote, refuseNothingToLift],
};

function refusalOfAction(
  slot: SlotState,
  action: ApiKeyAction,
  authority: Authority,
  now: Date,
  command?: ApiKeyCommand,
): DomainError | null {
  for (const check of checks[action]) {
    const refusal = check({ slot, authority, now, command });
    if (refusal !== null) return refusal;
  }
  return null;
}

function refuseSecondKey({ slot }: Attempt): DomainError | null {
  if (slot.fingerprint === null) return null;
  return new DomainError(
    'KEY_EXISTS',
    'The organization has a key already. Regenerate or edit it, or delete it first.',
  );
}

function refuseEmptySlot({ slot }: Attempt): DomainError | null {
  if (slot.fingerprint !== null) return null;
  return new DomainError('KEY_NOT_FOUND', 'The organization has no key. Add one.');
}

function refuseMalformedKey({ command }: Attempt): DomainError | null {
  if (command?.action !== 'EDIT' || command.next !== null) return null;
  return malformedKey();
}

function refuseSameKey({ slot, command }: Attempt): DomainError | null {
  if (command?.action !== 'EDIT' || command.next !== slot.fingerprint) return null;
  return new DomainError('KEY_UNCHANGED', 'This is the current key. Give a different one.', ['newKey']);
}

function refuseUneditableKind({ slot }: Attempt): DomainError | null {
  if (slot.kind !== 'SANDBOX_SUBMISSION') return null;
  return new DomainError(
    'KEY_NOT_EDITABLE',
    'A sandbox submission key cannot be edited. Regenerate it, or delete and add it.',
  );
}

function refuseDisabledForOrganization(attempt: Attempt): DomainError | null {
  return attempt.authority === 'ORGANIZATION' ? refuseDisabled(attempt) : null;
}

function refuseDisabled({ slot, authority }: Attempt): DomainError | null {
  if (slot.disabledBy.length === 0) return null;
  return new DomainError('KEY_DISABLED', disabledMessage(slot.disabledBy, authority));
}

function refuseWithoutSubscription({ slot, now }: Attempt): DomainError | null {
  return subscriptionRefusal(slot.subscription, now);
}

/** Disabling and enabling is for staff above the organization, whatever bundle of permissions somebody holds. */
function refuseOrganization({ authority }: Attempt): DomainError | null {
  if (authority !== 'ORGANIZATION') return null;
  return new DomainError('FORBIDDEN', NOT_FOR_ORGANIZATIONS);
}

function refuseMissingNote({ command }: Attempt): DomainError | null {
  return command === undefined ? null : noteMissing(command);
}

/** Of any slot, and so known before one is looked at; null when the command has the note that it needs. */
export function noteMissing(command: ApiKeyCommand): DomainError | null {
  const needsNote = command.action === 'ENABLE' || (command.action === 'DISABLE' && command.reason === 'OTHER');
  if (!needsNote || command.note?.trim()) return null;
  return new DomainError('NOTE_REQUIRED', 'Say why in a note: whoever reads the audit trail will need it.', ['note']);
}

function refuseSecondDisablement({ slot, authority }: Attempt): DomainError | null {
  if (!slot.disabledBy.includes(sourceOf(authority))) return null;
  return new DomainError(
    'ALREADY_DISABLED',
    'The key is disabled already by the same authority. Enable it first to give another reason.',
  );
}

function refuseNothingToLift({ slot, authority, now }: Attempt): DomainError | null {
  if (slot.disabledBy.length === 0) {
    const message =
      expiredSince(slot.subscription, now) === null
        ? 'The key is not disabled. Look at it again before you go on.'
        : 'Only the ended subscription disables the key. Renew the subscription.';
    return new DomainError('NOT_DISABLED', message);
  }
  if (liftable(slot, authority).length > 0) return null;
  return new DomainError('FORBIDDEN', 'The key is disabled by a higher authority. Ask the platform to enable it.');
}

/** DOMAIN.md, "Disablements", column "set by". */
function sourceOf(authority: Authority): StoredDisablementSource {
  switch (authority) {
    case 'PLATFORM':
      return 'PLATFORM';
    case 'SYSTEM':
      return 'CALL_THRESHOLD';
    default:
      return 'SERVICE_PROVIDER';
  }
}

/** DOMAIN.md, "Disablements", column "lifted by". */
const liftedBy: Record<StoredDisablementSource, readonly Authority[]> = {
  SERVICE_PROVIDER: ['SERVICE_PROVIDER', 'PLATFORM'],
  PLATFORM: ['PLATFORM'],
  CALL_THRESHOLD: ['SERVICE_PROVIDER', 'PLATFORM'],
};

function liftable(slot: SlotState, authority: Authority): StoredDisablementSource[] {
  return slot.disabledBy.filter((source) => liftedBy[source].includes(authority));
}

/** By whom, and what to do about it. */
export function disabledMessage(sources: readonly StoredDisablementSource[], authority: Authority): string {
  const by = {
    PLATFORM: 'by the platform',
    SERVICE_PROVIDER: authority === 'ORGANIZATION' ? 'by your service provider' : 'by the service provider',
    CALL_THRESHOLD: 'because the call threshold was exceeded',
  };
  const why = `The key is disabled ${sources.map((source) => by[source]).join(' and ')}.`;
  if (sources.includes('PLATFORM') && authority !== 'PLATFORM') return `${why} Ask the platform to enable it.`;
  if (authority !== 'ORGANIZATION') return `${why} Enable it first.`;
  return `${why} Ask ${sources.includes('SERVICE_PROVIDER') ? 'them' : 'your service provider'} to enable it.`;
}
