import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { StoredDisablementSource } from './api-key.ts';
import type { ApiKeySlot, StoredDisablement } from './api-key-slot.ts';

/** $1 to $4: locked slots, and the versions that they were locked at. */
const movedSlots = `update api_key k set version = k.version + 1
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::int[]) w (root_provider_id, organization_id, kind, version)
   where k.root_provider_id = w.root_provider_id and k.organization_id = w.organization_id and k.kind = w.kind
     and k.version = w.version`;

const insertDisablements = statement<never>(
  'disablement.insert',
  `with moved as (${movedSlots} returning k.root_provider_id, k.organization_id, k.kind, k.provider_path)
   insert into disablement (root_provider_id, organization_id, kind, provider_path, source, reason, note, at, by_id, by_name)
   select root_provider_id, organization_id, kind, provider_path, $5, $6, $7, $8, $9, $10 from moved`,
);

/** The same for all of them. @throws Error when a slot is no longer at the version that was locked */
export async function writeDisablements(
  tx: Tx,
  slots: readonly ApiKeySlot[],
  { source, reason, note, at, byId, byName }: StoredDisablement,
): Promise<void> {
  const written = await tx.count(insertDisablements, [...lockedAt(slots), source, reason, note, at, byId, byName]);
  if (written !== slots.length) throw new Error('a slot changed under its lock');
}

/** What is lifted of a locked slot. */
export interface Lift {
  readonly slot: ApiKeySlot;
  readonly sources: readonly StoredDisablementSource[];
}

const deleteDisablements = statement<never>(
  'disablement.delete',
  `delete from disablement d
   using unnest($1::uuid[], $2::uuid[], $3::api_key_kind[], $4::stored_disablement_source[])
     w (root_provider_id, organization_id, kind, source)
   where d.root_provider_id = w.root_provider_id and d.organization_id = w.organization_id and d.kind = w.kind
     and d.source = w.source`,
  { isReplanned: true },
);

const moveVersions = statement<never>('api_key.move_versions', movedSlots);

// In UTC, where a sum does not depend on the session's time zone: Citus takes no other from columns.
const openWindows = statement<never>(
  'api_key.open_windows',
  `update api_key k set window_opened_at = greatest($4,
     (k.window_opened_at at time zone 'UTC' + interval '1 millisecond') at time zone 'UTC',
     (select c.window_start + interval '1 millisecond' from usage_counter c where c.root_provider_id = k.root_provider_id
       and c.organization_id = k.organization_id and c.kind = k.kind))
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) w (root_provider_id, organization_id, kind)
   where k.root_provider_id = w.root_provider_id and k.organization_id = w.organization_id and k.kind = w.kind`,
);

/**
 * A slot that was over its threshold counts anew from `at` on: later than whatever it has counted in.
 * @throws Error when a slot is no longer at the version that was locked
 */
export async function liftDisablements(tx: Tx, lifts: readonly Lift[], at: Date): Promise<void> {
  const exceeded = lifts.filter(({ sources }) => sources.includes('CALL_THRESHOLD')).map(({ slot }) => slot);
  const each = lifts.flatMap(({ slot, sources }) => sources.map((source) => ({ slot, source })));
  const [lifted, moved] = await Promise.all([
    tx.count(deleteDisablements, [...placesOf(each.map(({ slot }) => slot)), each.map(({ source }) => source)]),
    tx.count(moveVersions, lockedAt(lifts.map(({ slot }) => slot))),
    exceeded.length === 0 ? 0 : tx.count(openWindows, [...placesOf(exceeded), at]),
  ]);
  if (lifted !== each.length) throw new Error('a disablement went away under the lock of its slot');
  if (moved !== lifts.length) throw new Error('a slot changed under its lock');
}

function lockedAt(slots: readonly ApiKeySlot[]): unknown[] {
  return [...placesOf(slots), slots.map(({ version }) => version)];
}

function placesOf(slots: readonly ApiKeySlot[]): unknown[] {
  return [
    slots.map((slot) => slot.rootProviderId),
    slots.map((slot) => slot.organizationId),
    slots.map((slot) => slot.kind),
  ];
}
