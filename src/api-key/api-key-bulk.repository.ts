import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { fromFingerprint } from './api-key.sql.ts';
import type { ApiKeyRef, ApiKeySlot, KeyMaterial, Modification } from './api-key-slot.ts';
import { type OverlapTerms, overlapEnd } from './overlap.ts';

/** A locked slot, and the string that it gets. */
export interface NewKey {
  readonly slot: ApiKeySlot;
  readonly material: KeyMaterial;
}

const writeStrings = statement<never>(
  'api_key.write_strings',
  `update api_key k set version = k.version + 1, key_version = k.version + 1, ciphertext = w.ciphertext,
     data_key_version = w.data_key_version, fingerprint = w.fingerprint, last_four = w.last_four,
     created_at = coalesce(k.created_at, $9), last_modified_at = $9, last_modified_by_id = $10,
     last_modified_by_name = $11, overlap_version = case when $12::timestamptz is not null then k.version + 1 end,
     previous_ciphertext = case when $12 is not null then k.ciphertext end,
     previous_data_key_version = case when $12 is not null then k.data_key_version end,
     previous_key_version = case when $12 is not null then k.key_version end,
     previous_fingerprint = case when $12 is not null then k.fingerprint end,
     overlap_ends_at = $12, overlap_grace_minutes = $13, overlap_first_used_at = null
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::int[], $5::bytea[], $6::int[], $7::bytea[], $8::text[])
     w (root_provider_id, organization_id, kind, version, ciphertext, data_key_version, fingerprint, last_four)
   where k.root_provider_id = w.root_provider_id and k.organization_id = w.organization_id and k.kind = w.kind
     and k.version = w.version`,
);

/**
 * @param overlap for how long the strings that they hold until now go on working; null: not at all
 * @throws Error when a slot is no longer at the version that was locked
 */
export async function writeKeys(
  tx: Tx,
  keys: readonly NewKey[],
  by: Modification,
  overlap: OverlapTerms | null = null,
): Promise<void> {
  if (keys.length === 0) return;
  const written = await tx.count(writeStrings, [
    ...columnsOf(keys.map(({ slot }) => slot)),
    keys.map(({ slot }) => slot.version),
    keys.map(({ material }) => material.ciphertext),
    keys.map(({ material }) => material.dataKeyVersion),
    keys.map(({ material }) => fromFingerprint(material.fingerprint)),
    keys.map(({ material }) => material.lastFour),
    by.at,
    by.byId,
    by.byName,
    overlap === null ? null : overlapEnd(overlap, by.at),
    overlap?.graceMinutes ?? null,
  ]);
  if (written !== keys.length) throw new Error('a slot changed under its lock');
}

function columnsOf(refs: readonly ApiKeyRef[]): unknown[] {
  return [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.organizationId), refs.map((ref) => ref.kind)];
}
