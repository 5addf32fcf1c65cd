import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';

/** What can be looked up without knowing the tenant. */
export type DirectoryKind = 'LOGIN_NAME' | 'ROOT_PROVIDER_NAME' | 'TRUSTED_ISSUER';

export interface DirectoryEntry {
  readonly rootProviderId: ServiceProviderId;
  readonly targetId: string;
}

const find = statement<DirectoryEntry>(
  'directory_entry.find',
  `select root_provider_id as "rootProviderId", target_id as "targetId"
   from directory_entry where key = $1 and kind = $2`,
);

/** Needs the scope `DIRECTORY` with the same key. */
export function findDirectoryEntry(tx: Tx, kind: DirectoryKind, key: string): Promise<DirectoryEntry | null> {
  return tx.rowOrNull(find, [key, kind]);
}

const insert = statement<never>(
  'directory_entry.insert',
  'insert into directory_entry (key, kind, root_provider_id, target_id) values ($1, $2, $3, $4)',
);

/** @throws pg.DatabaseError when the key is taken: see `directoryKeyIndex` */
export async function insertDirectoryEntry(
  tx: Tx,
  kind: DirectoryKind,
  key: string,
  entry: DirectoryEntry,
): Promise<void> {
  await tx.count(insert, [key, kind, entry.rootProviderId, entry.targetId]);
}

const remove = statement<never>(
  'directory_entry.delete',
  'delete from directory_entry where key = $1 and kind = $2 and root_provider_id = $3 and target_id = $4',
);

/** The key is free again. Needs the scope `DIRECTORY` with the same key. */
export async function deleteDirectoryEntry(
  tx: Tx,
  kind: DirectoryKind,
  key: string,
  entry: DirectoryEntry,
): Promise<void> {
  await tx.count(remove, [key, kind, entry.rootProviderId, entry.targetId]);
}

export const directoryKeyIndex = 'directory_entry_pkey';
