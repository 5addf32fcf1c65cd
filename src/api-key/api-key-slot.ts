import type { TenantRow } from '../database/scope.ts';
import type { ActorId, OrganizationId, ServiceProviderId } from '../ids.ts';
import type { Fingerprint, Sealed } from '../secrets/tenant-keys.ts';
import type { ApiKeyKind, SlotState, StoredDisablementReason, StoredDisablementSource } from './api-key.ts';

/** A slot as everybody who may see it sees it. */
export interface ApiKeyView extends SlotState {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
  readonly version: number;
  /** Last characters of the string; null while the slot is empty. */
  readonly lastFour: string | null;
  readonly createdAt: Date | null;
  readonly lastModifiedAt: Date | null;
  readonly lastModifiedById: ActorId | null;
  readonly lastModifiedByName: string | null;
}

/** A slot with its place among the tenants. */
export interface ApiKeySlot extends ApiKeyView, TenantRow {
  readonly organizationId: OrganizationId;
}

/** A slot under lock, with its sealed string. */
export interface LockedSlot extends ApiKeySlot {
  readonly sealed: (Sealed & { readonly keyVersion: number }) | null;
}

export interface ApiKeyRef {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyKind;
}

/** One reason why a slot is disabled, as it is kept. */
export interface StoredDisablement {
  readonly source: StoredDisablementSource;
  readonly reason: StoredDisablementReason;
  readonly note: string | null;
  readonly at: Date;
  readonly byId: ActorId | null;
  readonly byName: string;
}

/** What a slot is made to hold: a string, or nothing. */
export interface KeyMaterial extends Sealed {
  readonly fingerprint: Fingerprint;
  readonly lastFour: string;
}

/** Who changed it, and when. */
export interface Modification {
  readonly at: Date;
  readonly byId: string | null;
  readonly byName: string;
}

/** Names the slot, and the version of it, that a string was sealed for: moved elsewhere, it does not open. */
export function sealingContext(slot: ApiKeyRef, keyVersion: number): string {
  return ['api-key', slot.rootProviderId, slot.organizationId, slot.kind, keyVersion].join('|');
}
