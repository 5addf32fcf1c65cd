import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { ApiKeyRef } from './api-key-slot.ts';
import { noOverlap, type OverlapRow, overlapColumns, toOverlap } from './overlap.sql.ts';
import type { Overlap } from './overlap.ts';

const find = statement<OverlapRow & ApiKeyRef>(
  'api_key.find_overlaps',
  `select k.root_provider_id as "rootProviderId", k.organization_id as "organizationId", k.kind, ${overlapColumns}
   from api_key k
   join unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) wanted (root_provider_id, organization_id, kind)
     on k.root_provider_id = wanted.root_provider_id and k.organization_id = wanted.organization_id
     and k.kind = wanted.kind`,
);

/** Of the slots in sight that have one, ended or not. */
export async function findOverlaps(
  tx: Tx,
  refs: readonly ApiKeyRef[],
): Promise<(ApiKeyRef & { readonly overlap: Overlap })[]> {
  const rows = await tx.rows(find, [
    refs.map((ref) => ref.rootProviderId),
    refs.map((ref) => ref.organizationId),
    refs.map((ref) => ref.kind),
  ]);
  return rows.flatMap(({ rootProviderId, organizationId, kind, ...row }) => {
    const overlap = toOverlap(row);
    return overlap === null ? [] : [{ rootProviderId, organizationId, kind, overlap }];
  });
}

// In UTC, where a sum does not depend on the session's time zone: Citus takes no other from columns.
const writeFirst = statement<never>(
  'api_key.write_first_use',
  `update api_key set overlap_first_used_at = $5::timestamptz,
     overlap_ends_at = least(overlap_ends_at,
       ($5::timestamptz at time zone 'UTC' + overlap_grace_minutes * interval '1 minute') at time zone 'UTC')
   where root_provider_id = $1 and organization_id = $2 and kind = $3 and version = $4 and overlap_version = $4
     and overlap_first_used_at is null`,
);

/** Of the string that the slot got at `version`; nothing when it has moved on, or an earlier use is known. */
export async function writeFirstUse(tx: Tx, ref: ApiKeyRef, version: number, at: Date): Promise<void> {
  await tx.count(writeFirst, [ref.rootProviderId, ref.organizationId, ref.kind, version, at]);
}

const end = statement<never>(
  'api_key.end_overlap',
  `update api_key set ${noOverlap}
   where root_provider_id = $1 and organization_id = $2 and kind = $3 and overlap_version is not null`,
);

/** Of a locked slot: nothing accepts the old string any more, which is forgotten. The slot stays at its version. */
export async function writeOverlapEnd(tx: Tx, ref: ApiKeyRef): Promise<void> {
  await tx.count(end, [ref.rootProviderId, ref.organizationId, ref.kind]);
}

const forget = statement<never>(
  'api_key.forget_overlaps',
  `update api_key k set ${noOverlap} from (
     select organization_id, kind from api_key
     where root_provider_id = $3 and overlap_version is not null and (overlap_ends_at <= $1 or overlap_version <> version)
     order by organization_id, kind limit $2 for no key update skip locked) over
   where k.root_provider_id = $3 and k.organization_id = over.organization_id and k.kind = over.kind`,
);

/** Old strings of one root whose overlap has ended. @returns how many */
export function forgetOverlaps(tx: Tx, rootProviderId: ServiceProviderId, now: Date, most: number): Promise<number> {
  return tx.count(forget, [now, most, rootProviderId]);
}

const listRootsToForget = statement<{ id: ServiceProviderId }>(
  'api_key.list_roots_with_overlaps',
  `select distinct root_provider_id as id from api_key
   where overlap_version is not null and (overlap_ends_at <= $1 or overlap_version <> version)`,
);

/** Those with old strings whose overlap has ended. Needs the scope of the platform. */
export async function findRootsWithPastOverlaps(tx: Tx, now: Date): Promise<ServiceProviderId[]> {
  return (await tx.rows(listRootsToForget, [now])).map(({ id }) => id);
}
