import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { DataKey } from '../secrets/data-key.ts';
import type { Wrapped } from '../secrets/key-encryption-keys.ts';

const findUnfinished = statement<{ id: ServiceProviderId }>(
  'data_key.find_unrotated',
  `select root_provider_id as id from data_key group by root_provider_id
   having bool_or(key_encryption_key_id <> $1)
     or max(created_at) filter (where purpose = 'ENCRYPTION') < $2
     or count(*) filter (where purpose = 'ENCRYPTION') > 1
   order by root_provider_id`,
);

/** Those whose keys another key encryption key has wrapped, whose newest data key is older, or that have older ones beside it. */
export async function findUnrotatedRoots(
  tx: Tx,
  keyEncryptionKeyId: string,
  startedAt: Date,
): Promise<ServiceProviderId[]> {
  const rows = await tx.rows(findUnfinished, [keyEncryptionKeyId, startedAt]);
  return rows.map(({ id }) => id);
}

const lock = statement<DataKey & { createdAt: Date }>(
  'data_key.lock',
  `select purpose, version, key_encryption_key_id as "keyEncryptionKeyId", wrapped, created_at as "createdAt"
   from data_key where root_provider_id = $1 order by purpose, version for no key update`,
);

/** Writers may go on sealing by them. */
export function lockDataKeys(
  tx: Tx,
  rootProviderId: ServiceProviderId,
): Promise<readonly (DataKey & { readonly createdAt: Date })[]> {
  return tx.rows(lock, [rootProviderId]);
}

const rewrap = statement<never>(
  'data_key.rewrap',
  `update data_key set key_encryption_key_id = $4, wrapped = $5
   where root_provider_id = $1 and purpose = $2 and version = $3`,
);

export async function rewrapDataKey(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  { purpose, version }: DataKey,
  { keyEncryptionKeyId, wrapped }: Wrapped,
): Promise<void> {
  await tx.count(rewrap, [rootProviderId, purpose, version, keyEncryptionKeyId, wrapped]);
}

const deleteUnused = statement<never>(
  'data_key.delete_unused',
  `delete from data_key k where k.root_provider_id = $1 and k.purpose = 'ENCRYPTION' and k.version < $2
     and not exists (select from api_key s where s.root_provider_id = $1 and s.data_key_version = k.version)
     and not exists (select from api_key s where s.root_provider_id = $1 and s.previous_data_key_version = k.version)
     and not exists (select from trusted_issuer s where s.root_provider_id = $1 and s.data_key_version = k.version)
     and not exists (select from bulk_operation s where s.root_provider_id = $1 and s.data_key_version = k.version)
     and not exists (select from webhook_endpoint s where s.root_provider_id = $1 and s.data_key_version = k.version)`,
);

const countOlder = statement<{ count: number }>(
  'data_key.count_older',
  `select count(*)::int as count from data_key where root_provider_id = $1 and purpose = 'ENCRYPTION' and version < $2`,
);

/** Nothing is lost even when a writer is quicker: a foreign key holds what is in use. @returns how many are left */
export async function deleteUnusedDataKeys(tx: Tx, rootProviderId: ServiceProviderId, newest: number): Promise<number> {
  await tx.count(deleteUnused, [rootProviderId, newest]);
  const { count } = await tx.row(countOlder, [rootProviderId, newest]);
  return count;
}

interface WrappedSigningKey extends Wrapped {
  readonly id: string;
}

const lockSigning = statement<WrappedSigningKey>(
  'signing_key.lock_wrapped_by_others',
  `select id, key_encryption_key_id as "keyEncryptionKeyId", wrapped_private_key as wrapped from signing_key
   where key_encryption_key_id <> $1 order by id for no key update`,
);

/** Those that another key encryption key has wrapped: a handful, one for each time that the audit trail's was changed. */
export function lockForeignSigningKeys(tx: Tx, keyEncryptionKeyId: string): Promise<WrappedSigningKey[]> {
  return tx.rows(lockSigning, [keyEncryptionKeyId]);
}

const rewrapSigning = statement<never>(
  'signing_key.rewrap',
  'update signing_key set key_encryption_key_id = $2, wrapped_private_key = $3 where id = $1',
);

export async function rewrapSigningKey(tx: Tx, id: string, { keyEncryptionKeyId, wrapped }: Wrapped): Promise<void> {
  await tx.count(rewrapSigning, [id, keyEncryptionKeyId, wrapped]);
}
