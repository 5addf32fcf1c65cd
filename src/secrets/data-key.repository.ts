import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';

export type DataKeyPurpose = 'ENCRYPTION' | 'FINGERPRINT';

export interface DataKeyRow {
  readonly purpose: DataKeyPurpose;
  readonly version: number;
  readonly keyEncryptionKeyId: string;
  readonly wrapped: Buffer;
}

const listDataKeys = statement<DataKeyRow>(
  'data_key.list',
  `select purpose, version, key_encryption_key_id as "keyEncryptionKeyId", wrapped
   from data_key where root_provider_id = $1`,
);

export function findDataKeys(tx: Tx, rootProviderId: ServiceProviderId): Promise<DataKeyRow[]> {
  return tx.rows(listDataKeys, [rootProviderId]);
}

const insert = statement<never>(
  'data_key.insert',
  `insert into data_key (root_provider_id, purpose, version, key_encryption_key_id, wrapped, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
);

export async function insertDataKey(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  key: DataKeyRow,
  now: Date,
): Promise<void> {
  await tx.count(insert, [rootProviderId, key.purpose, key.version, key.keyEncryptionKeyId, key.wrapped, now]);
}

const serialize = statement<never>(
  'data_key.serialize',
  `select pg_advisory_xact_lock(hashtext('keyward.data_key'), hashtext($1))`,
);

/** Until the transaction ends nobody else makes keys for this root provider. */
export async function serializeDataKeys(tx: Tx, rootProviderId: ServiceProviderId): Promise<void> {
  await tx.rows(serialize, [rootProviderId]);
}
