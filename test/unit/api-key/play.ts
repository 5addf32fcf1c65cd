import {
  type ApiKeyCommand,
  apiKeyStatus,
  applyChange,
  decide,
  disablementSources,
  isProvisionable,
  type SlotState,
} from '../../../src/api-key/api-key.ts';
import { DomainError } from '../../../src/errors.ts';
import type { Authority } from '../../../src/identity/permissions.ts';
import type { Fingerprint } from '../../../src/secrets/tenant-keys.ts';
import {
  decideApply,
  decideCancel,
  decideRenew,
  type SubscriptionTerm,
  subscriptionStatus,
} from '../../../src/subscription/subscription.ts';
import { fingerprintOf } from './fingerprints.ts';
import type { Step, Who } from './model.ts';

/** A slot and its clock, as the rules under test move them. */
export interface World {
  readonly slot: SlotState;
  readonly now: Date;
  readonly isProvided: boolean;
}

export interface Moment {
  readonly step: Step;
  readonly before: World;
  /** `OK` or the code of the refusal. */
  readonly result: string;
  readonly after: World;
}

const EPOCH_MS = Date.parse('2025-06-15T12:00:00Z');

const fingerprints = new Map(
  Array.from({ length: 100 }, (_, index) => [`key ${index}`, fingerprintOf(`key ${index}`)]),
);
const names = new Map([...fingerprints].map(([name, fingerprint]) => [fingerprint, name]));

const authorityOf: Readonly<Record<Who, Authority>> = {
  org: 'ORGANIZATION',
  provider: 'SERVICE_PROVIDER',
  platform: 'PLATFORM',
  system: 'SYSTEM',
};

export function emptyWorld(isSandbox: boolean): World {
  const kind = isSandbox ? 'SANDBOX_SUBMISSION' : 'CLOUD_SERVICE';
  return {
    slot: Object.freeze({ kind, fingerprint: null, disabledBy: Object.freeze([]), subscription: null }),
    now: new Date(EPOCH_MS),
    isProvided: true,
  };
}

export function play(isSandbox: boolean, steps: readonly Step[]): Moment[] {
  const moments: Moment[] = [];
  for (const step of steps) moments.push(perform(moments.at(-1)?.after ?? emptyWorld(isSandbox), step));
  return moments;
}

export function perform(before: World, step: Step): Moment {
  try {
    return { step, before, result: 'OK', after: worldAfter(before, step) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { step, before, result: error.code, after: before };
  }
}

export function statusIn({ slot, now }: World): string {
  return apiKeyStatus(slot, now);
}

export function sourcesIn({ slot, now }: World): string[] {
  return disablementSources(slot, now).toSorted();
}

export function storedIn({ slot }: World): readonly string[] {
  return slot.disabledBy;
}

export function keyNameIn({ slot }: World): string | null {
  return slot.fingerprint === null ? null : (names.get(slot.fingerprint) ?? 'another string');
}

function worldAfter(world: World, step: Step): World {
  const { slot, now } = world;
  const inMs = (ms: number) => new Date(now.getTime() + ms);
  switch (step.do) {
    case 'apply': {
      const term = { startsAt: inMs(step.startsIn), endsAt: inMs(step.endsIn) };
      decideApply(slot.subscription, { ...term, callThreshold: null, thresholdPeriod: null }, now);
      const subscription = { ...term, cancelledAt: null, previousEndedAt: slot.subscription?.endsAt ?? null };
      return provided({ ...world, slot: { ...slot, subscription }, isProvided: false }, step.key);
    }
    case 'renew':
      return subscribed(world, {
        ...decideRenew(slot.subscription, inMs(step.endsIn), now),
        endsAt: inMs(step.endsIn),
        cancelledAt: null,
      });
    case 'cancel':
      return subscribed(world, { ...decideCancel(slot.subscription, now), endsAt: now, cancelledAt: now });
    case 'wait':
      return provided({ ...world, now: inMs(step.for) }, step.key);
    default: {
      const change = decide(slot, commandOf(slot, step), authorityOf[step.by], now);
      return { ...world, slot: frozen(applyChange(slot, change)) };
    }
  }
}

function commandOf(slot: SlotState, step: Extract<Step, { by: Who }>): ApiKeyCommand {
  switch (step.do) {
    case 'add':
      return { action: 'ADD', next: fingerprintNamed(step.key) };
    case 'regenerate':
      return { action: 'REGENERATE', next: fingerprintNamed(step.key) };
    case 'edit': {
      const fresh = fingerprintNamed(step.key);
      return { action: 'EDIT', next: { fresh, same: slot.fingerprint ?? fresh, malformed: null }[step.input] };
    }
    case 'delete':
      return { action: 'DELETE' };
    case 'reveal':
      return { action: 'REVEAL' };
    case 'disable':
      return {
        action: 'DISABLE',
        reason: step.isOther ? 'OTHER' : 'SECURITY_INCIDENT',
        note: step.hasNote ? 'why' : null,
      };
    case 'enable':
      return { action: 'ENABLE', note: step.hasNote ? 'why' : '' };
  }
}

function subscribed(world: World, subscription: SubscriptionTerm): World {
  return { ...world, slot: frozen({ ...world.slot, subscription }) };
}

/** As the services provide a key: with the subscription, or as soon as the clock reaches its start. */
function provided(world: World, name: string): World {
  const { slot, now, isProvided } = world;
  if (isProvided || slot.subscription === null || subscriptionStatus(slot.subscription, now) !== 'ACTIVE') return world;
  const filled = isProvisionable(slot) ? { ...slot, fingerprint: fingerprintNamed(name) } : slot;
  return { ...world, slot: frozen(filled), isProvided: true };
}

/** The rules must leave what they are given alone. */
function frozen(slot: SlotState): SlotState {
  Object.freeze(slot.disabledBy);
  return Object.freeze(slot);
}

function fingerprintNamed(name: string): Fingerprint {
  const fingerprint = fingerprints.get(name);
  if (fingerprint === undefined) throw new Error(`no string is named ${name}`);
  return fingerprint;
}
