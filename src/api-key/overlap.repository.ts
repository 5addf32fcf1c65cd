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

/** Of the string that a slot got at `version`. */
export interface FirstUse extends ApiKeyRef {
  readonly version: number;
  readonly at: Date;
}

// In UTC, where a sum does not depend on the session's time zone: Citus takes no other from columns.
const writeFirst = statement<never>(
  'api_key.write_first_uses',
  `with free as (
     select k.organization_id, k.kind, w.at from unnest($2::uuid[], $3::api_key_kind[], $4::int[], $5::timestamptz[])
       w (organization_id, kind, version, at)
     join api_key k on k.root_provider_id = $1 and k.organization_id = w.organization_id and k.kind = w.kind
       and k.version = w.version and k.overlap_version = w.version and k.overlap_first_used_at is null
     for no key update of k skip locked)
   update api_key k set overlap_first_used_at = free.at,
     overlap_ends_at = least(k.overlap_ends_at,
       (free.at at time zone 'UTC' + k.overlap_grace_minutes * interval '1 minute') at time zone 'UTC')
   from free where k.root_provider_id = $1 and k.organization_id = free.organization_id and k.kind = free.kind`,
);

/**
 * Of slots of one root provider; nothing of those that have moved on, of which an earlier use is known, or that somebody holds: it
 * waits for none.
 */
export async function writeFirstUses(tx: Tx, root: ServiceProviderId, uses: readonly FirstUse[]): Promise<void> {
  await tx.count(writeFirst, [
    root,
    uses.map(({ organizationId }) => organizationId),
    uses.map(({ kind }) => kind),
    uses.map(({ version }) => version),
    uses.map(({ at }) => at),
  ]);
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
