import { type SlotRow, slotColumns, slotSource, toSlot } from '../api-key/api-key.sql.ts';
import type { ApiKeySlot, LockedSlot } from '../api-key/api-key-slot.ts';
import { type OverlapRow, overlapColumns, toOverlap } from '../api-key/overlap.sql.ts';
import type { Overlap } from '../api-key/overlap.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationRef } from '../ids.ts';
import type { StaffMember } from '../staff/staff-member.ts';

interface KeyRow extends SlotRow, OverlapRow {
  readonly ciphertext: Buffer | null;
  readonly dataKeyVersion: number | null;
  readonly keyVersion: number | null;
  readonly previousCiphertext: Buffer | null;
  readonly previousDataKeyVersion: number | null;
  readonly previousKeyVersion: number | null;
}

const findKey = statement<KeyRow>(
  'api_login.find_key',
  `select ${slotColumns}, ${overlapColumns}, k.ciphertext, k.data_key_version as "dataKeyVersion",
     k.key_version as "keyVersion", k.previous_ciphertext as "previousCiphertext",
     k.previous_data_key_version as "previousDataKeyVersion", k.previous_key_version as "previousKeyVersion"
   from ${slotSource}
   where k.root_provider_id = $1 and k.organization_id = $2 and k.kind = 'CLOUD_SERVICE'`,
);

/** A slot with the strings that it holds, as of one moment. */
export interface LoginKey {
  readonly slot: ApiKeySlot & { readonly overlap: Overlap | null };
  readonly current: LockedSlot['sealed'];
  /** Of an overlap, ended or not. */
  readonly previous: LockedSlot['sealed'];
}

export async function findLoginKey(tx: Tx, ref: OrganizationRef): Promise<LoginKey | null> {
  const row = await tx.rowOrNull(findKey, [ref.rootProviderId, ref.organizationId]);
  if (row === null) return null;
  const overlap = toOverlap(row);
  return {
    slot: { ...toSlot(row), overlap },
    current: sealed(row.ciphertext, row.dataKeyVersion, row.keyVersion),
    previous:
      overlap === null ? null : sealed(row.previousCiphertext, row.previousDataKeyVersion, row.previousKeyVersion),
  };
}

function sealed(ciphertext: Buffer | null, dataKeyVersion: number | null, keyVersion: number | null) {
  const isEmpty = ciphertext === null || dataKeyVersion === null || keyVersion === null;
  return isEmpty ? null : { ciphertext, dataKeyVersion, keyVersion };
}

const insert = statement<never>(
  'api_login.insert',
  `insert into api_login (root_provider_id, organization_id, timestamp_ms, provider_path, at)
   values ($1, $2, $3, $4, $5) on conflict do nothing`,
);

/** @returns false when the organization has logged in with this timestamp before. Waits for whoever is about to. */
export async function acceptTimestamp(tx: Tx, member: StaffMember, timestampMs: number, now: Date): Promise<boolean> {
  const { rootProviderId, organizationId, providerPath } = member;
  return (await tx.count(insert, [rootProviderId, organizationId, timestampMs, providerPath, now])) === 1;
}

const admit = statement<never>(
  'api_login.admit',
  `update staff_member set last_login_at = $4
   where root_provider_id = $1 and id = $2 and session_epoch = $3 and deactivated_at is null`,
);

/** @returns false when the admin was changed or removed since. From then on nobody can, until the end of the transaction. */
export async function admitMember(tx: Tx, member: StaffMember, now: Date): Promise<boolean> {
  return (await tx.count(admit, [member.rootProviderId, member.id, member.sessionEpoch, now])) === 1;
}

const removeOld = statement<never>('api_login.delete_old', 'delete from api_login where at <= $1');

/** Needs the scope of the platform. @param before whatever was accepted until then is too old to be accepted again */
export async function deleteOldApiLogins(tx: Tx, before: Date): Promise<void> {
  await tx.count(removeOld, [before]);
}
