import {
  type ApiKeyCommand,
  type ApiKeyKind,
  applyChange,
  type SlotChange,
  type SlotState,
  type StoredDisablementReason,
} from '../api-key/api-key.ts';
import type { StoredDisablement } from '../api-key/api-key-slot.ts';
import type { KeyString } from '../api-key/key-string.ts';
import type { Actor } from '../identity/actor.ts';
import type { TenantKeys } from '../secrets/tenant-keys.ts';

/** A slot with the string that is to be sealed into it. */
export interface PastSlot extends SlotState {
  readonly version: number;
  /** The slot's version under which it was written. */
  readonly keyVersion: number | null;
  readonly keyString: KeyString | null;
  readonly createdAt: Date | null;
  readonly lastModifiedAt: Date | null;
  readonly lastModifiedBy: Actor | null;
  readonly disablements: readonly StoredDisablement[];
}

export type KeyStep =
  | { readonly action: 'ADD' | 'EDIT' | 'REGENERATE'; readonly keyString: KeyString }
  | { readonly action: 'DELETE' | 'REVEAL' }
  | { readonly action: 'DISABLE'; readonly reason: StoredDisablementReason; readonly note: string | null }
  | { readonly action: 'ENABLE'; readonly note: string };

export function emptySlot(kind: ApiKeyKind): PastSlot {
  const nothing = {
    fingerprint: null,
    keyVersion: null,
    keyString: null,
    createdAt: null,
    lastModifiedAt: null,
    lastModifiedBy: null,
  };
  return { ...nothing, kind, version: 0, disabledBy: [], disablements: [], subscription: null };
}

export function commandOf(step: KeyStep, keys: TenantKeys): ApiKeyCommand {
  if (!('keyString' in step)) return step;
  return { action: step.action, next: keys.fingerprint(step.keyString) };
}

/** What the repository writes for the command (`api-key.repository.ts`). */
export function afterStep(slot: PastSlot, step: KeyStep, change: SlotChange, by: Actor, at: Date): PastSlot {
  const version = slot.version + 1;
  const after = { ...applyChange(slot, change), version };
  const modification = { lastModifiedAt: at, lastModifiedBy: by };
  switch (step.action) {
    case 'ADD':
    case 'EDIT':
    case 'REGENERATE':
      return {
        ...after,
        ...modification,
        keyString: step.keyString,
        keyVersion: version,
        createdAt: slot.createdAt ?? at,
      };
    case 'DELETE':
      return { ...after, ...modification, keyString: null, keyVersion: null, createdAt: null };
    case 'DISABLE': {
      if (change.disable === null) throw new Error('DISABLE was decided without a source');
      const { reason, note } = step;
      const disablement = { source: change.disable, reason, note, at, byId: by.id, byName: by.displayName };
      return { ...after, disablements: [...slot.disablements, disablement] };
    }
    case 'ENABLE':
      return { ...after, disablements: slot.disablements.filter(({ source }) => !change.lift.includes(source)) };
    case 'REVEAL':
      return slot;
  }
}
