import { type SlotRow, slotColumns, slotSource, toSlot } from '../api-key/api-key.sql.ts';
import type { LockedSlot } from '../api-key/api-key-slot.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationRef } from '../ids.ts';

interface SealedRow extends SlotRow {
  readonly ciphertext: Buffer | null;
  readonly dataKeyVersion: number | null;
  readonly keyVersion: number | null;
}

const find = statement<SealedRow>(
  'api_key_group.find_source',
  `select ${slotColumns}, k.ciphertext, k.data_key_version as "dataKeyVersion", k.key_version as "keyVersion"
   from ${slotSource}
   where k.root_provider_id = $1 and k.organization_id = $2 and k.kind = 'CLOUD_SERVICE'`,
);

/** The slot and its string as of one moment, without a lock: a lock out of the order of the targets could deadlock. */
export async function findKeySource(tx: Tx, ref: OrganizationRef): Promise<LockedSlot | null> {
  const row = await tx.rowOrNull(find, [ref.rootProviderId, ref.organizationId]);
  if (row === null) return null;
  const { ciphertext, dataKeyVersion, keyVersion } = row;
  const isEmpty = ciphertext === null || dataKeyVersion === null || keyVersion === null;
  return { ...toSlot(row), sealed: isEmpty ? null : { ciphertext, dataKeyVersion, keyVersion } };
}
