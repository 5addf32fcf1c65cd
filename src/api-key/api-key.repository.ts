import { byRoot } from '../by-root.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { fromFingerprint, type SlotRow, slotColumns, slotSource, toSlot } from './api-key.sql.ts';
import type {
  ApiKeyRef,
  ApiKeySlot,
  KeyMaterial,
  LockedSlot,
  Modification,
  StoredDisablement,
} from './api-key-slot.ts';
import { noOverlap } from './overlap.sql.ts';

const lock = statement<{ ciphertext: Buffer | null; dataKeyVersion: number | null; keyVersion: number | null }>(
  'api_key.lock',
  `select ciphertext, data_key_version as "dataKeyVersion", key_version as "keyVersion" from api_key
   where root_provider_id = $1 and organization_id = $2 and kind = $3 for no key update`,
);

const find = statement<SlotRow>(
  'api_key.find',
  `select ${slotColumns} from ${slotSource}
   where k.root_provider_id = $1 and k.organization_id = $2 and k.kind = $3`,
);

/**
 * The slot as it is once nobody else holds it. Lock and look are two statements sent together: what is read must be
 * as new as the lock, and a statement sees what was committed when it began.
 */
export async function lockSlot(tx: Tx, ref: ApiKeyRef): Promise<LockedSlot | null> {
  const values = [ref.rootProviderId, ref.organizationId, ref.kind];
  const [material, row] = await Promise.all([tx.rowOrNull(lock, values), tx.rowOrNull(find, values)]);
  if (material === null || row === null) return null;
  const { ciphertext, dataKeyVersion, keyVersion } = material;
  const isEmpty = ciphertext === null || dataKeyVersion === null || keyVersion === null;
  return { ...toSlot(row), sealed: isEmpty ? null : { ciphertext, dataKeyVersion, keyVersion } };
}

const wantedSlots = `select ${slotColumns} from ${slotSource}
   join unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) wanted (root_provider_id, organization_id, kind)
     on k.root_provider_id = wanted.root_provider_id and k.organization_id = wanted.organization_id
     and k.kind = wanted.kind`;
const findMany = statement<SlotRow>('api_key.find_many', wantedSlots);
/** A plan from when nothing was disabled would look through all disablements for each slot. */
const findVeryMany = statement<SlotRow>('api_key.find_very_many', wantedSlots, { isReplanned: true });
/** No page of a list has more. */
const MANY = 200;

export async function findSlots(tx: Tx, refs: readonly ApiKeyRef[]): Promise<ApiKeySlot[]> {
  const rows = await tx.rows(refs.length > MANY ? findVeryMany : findMany, columnsOf(refs));
  return rows.map(toSlot);
}

const lockMany = statement<never>(
  'api_key.lock_many',
  `select from api_key k
   join unnest($2::uuid[], $3::api_key_kind[]) wanted (organization_id, kind)
     on k.organization_id = wanted.organization_id and k.kind = wanted.kind
   where k.root_provider_id = $1
   order by k.organization_id, k.kind
   for no key update of k`,
);

/**
 * The slots as they are once nobody else holds any of them, locked in the order that all have who lock many: by root,
 * organization and kind. In no order are they given back; those out of sight are not among them.
 */
export async function lockSlots(tx: Tx, refs: readonly ApiKeyRef[]): Promise<ApiKeySlot[]> {
  const locks = byRoot(refs).map(([root, ofRoot]) => tx.count(lockMany, [root, ...columnsOf(ofRoot).slice(1)]));
  const [slots] = await Promise.all([findSlots(tx, refs), ...locks]);
  return slots;
}

const findDisablementsOf = statement<StoredDisablement & ApiKeyRef>(
  'disablement.find_many',
  `select d.root_provider_id as "rootProviderId", d.organization_id as "organizationId", d.kind, d.source, d.reason,
     d.note, d.at, d.by_id as "byId", d.by_name as "byName"
   from disablement d
   join unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) wanted (root_provider_id, organization_id, kind)
     on d.root_provider_id = wanted.root_provider_id and d.organization_id = wanted.organization_id
     and d.kind = wanted.kind
   order by d.at, d.source`,
);

export function findDisablements(tx: Tx, refs: readonly ApiKeyRef[]): Promise<(StoredDisablement & ApiKeyRef)[]> {
  return tx.rows(findDisablementsOf, columnsOf(refs));
}

function columnsOf(refs: readonly ApiKeyRef[]): unknown[] {
  return [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.organizationId), refs.map((ref) => ref.kind)];
}

const writeString = statement<never>(
  'api_key.write_string',
  `update api_key set version = version + 1, key_version = version + 1, ciphertext = $5, data_key_version = $6,
     fingerprint = $7, last_four = $8, created_at = coalesce(created_at, $9), last_modified_at = $9,
     last_modified_by_id = $10, last_modified_by_name = $11, ${noOverlap}
   where root_provider_id = $1 and organization_id = $2 and kind = $3 and version = $4`,
);

const writeEmpty = statement<never>(
  'api_key.write_empty',
  `update api_key set version = version + 1, key_version = null, ciphertext = null, data_key_version = null,
     fingerprint = null, last_four = null, created_at = null, last_modified_at = $5, last_modified_by_id = $6,
     last_modified_by_name = $7, ${noOverlap}
   where root_provider_id = $1 and organization_id = $2 and kind = $3 and version = $4`,
);

/** @param material null empties the slot. @throws Error when the slot is no longer at the version that was locked */
export async function writeKey(
  tx: Tx,
  slot: ApiKeySlot,
  material: KeyMaterial | null,
  by: Modification,
): Promise<void> {
  const place = [slot.rootProviderId, slot.organizationId, slot.kind, slot.version];
  const modification = [by.at, by.byId, by.byName];
  const written =
    material === null
      ? await tx.count(writeEmpty, [...place, ...modification])
      : await tx.count(writeString, [
          ...place,
          material.ciphertext,
          material.dataKeyVersion,
          fromFingerprint(material.fingerprint),
          material.lastFour,
          ...modification,
        ]);
  if (written !== 1) throw new Error('the slot changed under its lock');
}
