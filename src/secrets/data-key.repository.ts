import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { DataKey } from './data-key.ts';

const listDataKeys = statement<DataKey>(
  'data_key.list',
  `select purpose, version, key_encryption_key_id as "keyEncryptionKeyId", wrapped
   from data_key where root_provider_id = $1`,
);

export function findDataKeys(tx: Tx, rootProviderId: ServiceProviderId): Promise<DataKey[]> {
  return tx.rows(listDataKeys, [rootProviderId]);
}

const insert = statement<never>(
  'data_key.insert',
  `insert into data_key (root_provider_id, purpose, version, key_encryption_key_id, wrapped, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
);

export async function insertDataKey(tx: Tx, rootProviderId: ServiceProviderId, key: DataKey, now: Date): Promise<void> {
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

const listKeyEncryptionKeys = statement<{ id: string }>(
  'data_key.list_key_encryption_keys',
  `select key_encryption_key_id as id from data_key
   union select key_encryption_key_id from signing_key where key_encryption_key_id is not null`,
);

/** The ids of the keys by which anything is wrapped at the moment. */
export async function findKeyEncryptionKeyIds(tx: Tx): Promise<string[]> {
  const rows = await tx.rows(listKeyEncryptionKeys, []);
  return rows.map(({ id }) => id);
}
