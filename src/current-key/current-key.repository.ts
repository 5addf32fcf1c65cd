import { type SlotRow, slotColumns, slotSource, toSlot } from '../api-key/api-key.sql.ts';
import type { ApiKeyRef, ApiKeySlot } from '../api-key/api-key-slot.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ActorId } from '../ids.ts';

/** A slot with the version at which its string was written; null while it is empty. */
export interface WrittenSlot extends ApiKeySlot {
  readonly keyVersion: number | null;
}

const find = statement<SlotRow & { readonly keyVersion: number | null }>(
  'current_key.find',
  `select ${slotColumns}, k.key_version as "keyVersion" from ${slotSource}
   where k.root_provider_id = $1 and k.organization_id = $2 and k.kind = $3`,
);

/** As it is now, without its string and without a lock: nobody waits for whoever only looks whether there is another one. */
export async function findWrittenSlot(tx: Tx, ref: ApiKeyRef): Promise<WrittenSlot | null> {
  const row = await tx.rowOrNull(find, [ref.rootProviderId, ref.organizationId, ref.kind]);
  return row === null ? null : { ...toSlot(row), keyVersion: row.keyVersion };
}

/** What was forgotten is a row of the trail once more, so that nothing is missed. */
const MOST_NETWORKS = 20;

const note = statement<never>(
  'current_key.note_fetch',
  `insert into api_key_fetch as f (root_provider_id, organization_id, kind, service_account_id, provider_path, key_version, at,
     networks)
   values ($1, $2, $3, $4, $5, $6, $7, array[$8])
   on conflict (root_provider_id, organization_id, kind, service_account_id)
     do update set key_version = excluded.key_version, at = excluded.at,
       networks = case when f.key_version <> excluded.key_version then excluded.networks
         else (f.networks || excluded.networks)[cardinality(f.networks) + 2 - ${MOST_NETWORKS}:] end
     where f.key_version <> excluded.key_version or not f.networks @> excluded.networks`,
);

/**
 * The caller holds the slot's lock.
 * @param fetch.network from where it asks
 * @returns whether the account had not been told the string of this version there yet
 */
export async function noteFetch(
  tx: Tx,
  slot: ApiKeySlot,
  fetch: {
    readonly serviceAccountId: ActorId;
    readonly keyVersion: number;
    readonly at: Date;
    readonly network: string;
  },
): Promise<boolean> {
  const place = [slot.rootProviderId, slot.organizationId, slot.kind];
  const { serviceAccountId, keyVersion, at, network } = fetch;
  return (await tx.count(note, [...place, serviceAccountId, slot.providerPath, keyVersion, at, network])) === 1;
}
