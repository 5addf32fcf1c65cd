import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import type { SlotRotation } from '../api-key/key-age.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** A slot that holds a string and that a policy holds for. */
export interface RotatedSlot extends ApiKeyRef, SlotRotation {
  readonly modifiedAt: Date;
}

const find = statement<RotatedSlot>(
  'rotation.find_slots',
  `select k.root_provider_id as "rootProviderId", k.organization_id as "organizationId", k.kind,
     k.rotation_policy_id as "policyId", k.rotation_policy_version as "policyVersion", k.rotation_since as since,
     k.rotation_after_days as "afterDays", k.rotation_lead_days as "leadDays", k.rotation_notice_days as "noticeDays",
     k.rotation_gap_days as "gapDays", k.last_modified_at as "modifiedAt"
   from api_key k
   join unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) wanted (root_provider_id, organization_id, kind)
     on k.root_provider_id = wanted.root_provider_id and k.organization_id = wanted.organization_id
     and k.kind = wanted.kind
   where k.rotation_policy_id is not null and k.fingerprint is not null`,
);

/** Of slots in sight, in no order. */
export function findRotatedSlots(tx: Tx, refs: readonly ApiKeyRef[]): Promise<RotatedSlot[]> {
  return tx.rows(find, [
    refs.map((ref) => ref.rootProviderId),
    refs.map((ref) => ref.organizationId),
    refs.map((ref) => ref.kind),
  ]);
}
