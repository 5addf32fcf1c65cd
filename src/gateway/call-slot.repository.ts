import type { ApiKeyKind, StoredDisablementSource } from '../api-key/api-key.ts';
import type { ApiKeyRef } from '../api-key/api-key-slot.ts';
import { type OverlapRow, overlapColumns, toOverlap } from '../api-key/overlap.sql.ts';
import type { Tx } from '../database/database.ts';
import { type Scope, sightOf } from '../database/scope.ts';
import { arrayOf, statement } from '../database/statement.ts';
import type { ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { ThresholdPeriod } from '../subscription/subscription.ts';
import type { CallSlot } from './call.ts';

interface CallSlotRow extends ApiKeyRef, OverlapRow {
  readonly version: number;
  readonly fingerprint: Fingerprint | null;
  readonly windowOpenedAt: Date | null;
  /** The sources, with blanks between them. */
  readonly disabledBy: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly previousEndedAt: Date | null;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
  readonly isInSight: boolean;
}

const columns = `k.root_provider_id as "rootProviderId", k.organization_id as "organizationId", k.kind, k.version,
  encode(k.fingerprint, 'hex') as fingerprint, k.window_opened_at as "windowOpenedAt",
  (select string_agg(d.source::text, ' ') from disablement d where d.root_provider_id = k.root_provider_id
    and d.organization_id = k.organization_id and d.kind = k.kind) as "disabledBy",
  s.starts_at as "startsAt", s.ends_at as "endsAt", s.cancelled_at as "cancelledAt",
  s.previous_ended_at as "previousEndedAt", s.call_threshold as "callThreshold", s.threshold_period as "thresholdPeriod",
  ${overlapColumns}`;

const currentSubscription = `left join subscription s on s.root_provider_id = k.root_provider_id
  and s.organization_id = k.organization_id and s.superseded_at is null`;

/**
 * A column, not a condition: the plan is then the same whatever the sight, so that it is made once and kept.
 * @param from placeholder of the first of three parameters (`sightOf`)
 */
const inSight = (from: number) => `(($${from}::uuid is null or k.root_provider_id = $${from})
  and ($${from + 1}::uuid is null or $${from + 1} = any (k.provider_path))
  and ($${from + 2}::uuid[] is null or k.organization_id = any ($${from + 2}))) as "isInSight"`;

const findMany = statement<CallSlotRow>(
  'gateway.find_slots',
  `select ${columns}, ${inSight(4)}
   from unnest($1::uuid[], $2::uuid[], $3::api_key_kind[]) w (root_provider_id, organization_id, kind)
   join api_key k on k.root_provider_id = w.root_provider_id and k.organization_id = w.organization_id
     and k.kind = w.kind
   ${currentSubscription}`,
);

/** As they are now. Those out of sight are not among them. */
export async function findCallSlots(tx: Tx, scope: Scope, refs: readonly ApiKeyRef[]): Promise<CallSlot[]> {
  const rows = await tx.rows(findMany, [
    arrayOf(refs.map((ref) => ref.rootProviderId)),
    arrayOf(refs.map((ref) => ref.organizationId)),
    arrayOf(refs.map((ref) => ref.kind)),
    ...sightOf(scope),
  ]);
  return rows.filter(({ isInSight }) => isInSight).map(toCallSlot);
}

const findRoots = statement<{ id: ServiceProviderId }>(
  'gateway.find_roots',
  'select id from service_provider where root_provider_id = any ($1::uuid[]) and id = root_provider_id',
);

/** Those of the root providers that there are. */
export async function findKnownRoots(
  tx: Tx,
  ids: readonly ServiceProviderId[],
): Promise<ReadonlySet<ServiceProviderId>> {
  return new Set((await tx.rows(findRoots, [ids])).map(({ id }) => id));
}

/** How a provider names an organization of its own, and which slot of it is meant. */
export interface ExternalRef {
  readonly externalId: string;
  readonly kind: ApiKeyKind;
}

export interface ExternalSlot {
  readonly externalId: string;
  readonly slot: CallSlot;
}

const findManyExternal = statement<CallSlotRow & { externalId: string; providerPath: ServiceProviderId[] }>(
  'gateway.find_external_slots',
  `select ${columns}, ${inSight(3)}, o.external_id as "externalId", o.provider_path as "providerPath"
   from unnest($1::text[], $2::api_key_kind[]) w (external_id, kind)
   join organization o on o.root_provider_id = $3 and o.external_id = w.external_id
   join api_key k on k.root_provider_id = $3 and k.organization_id = o.id and k.kind = w.kind
   ${currentSubscription}`,
);

/**
 * The same by external ids, which are unique within one provider only: the organization of the provider nearest to the
 * one whose eyes they are is meant, and none when two are equally near.
 */
export async function findExternalSlots(tx: Tx, scope: Scope, refs: readonly ExternalRef[]): Promise<ExternalSlot[]> {
  const rows = await tx.rows(findManyExternal, [
    refs.map((ref) => ref.externalId),
    refs.map((ref) => ref.kind),
    ...sightOf(scope),
  ]);
  const seen = rows.filter(({ isInSight }) => isInSight);
  const named = Map.groupBy(seen, ({ externalId, kind }) => `${kind} ${externalId}`);
  return [...named.values()].flatMap((namesakes) => {
    const depth = Math.min(...namesakes.map(({ providerPath }) => providerPath.length));
    const [nearest, ...others] = namesakes.filter(({ providerPath }) => providerPath.length === depth);
    if (nearest === undefined || others.length > 0) return [];
    return [{ externalId: nearest.externalId, slot: toCallSlot(nearest) }];
  });
}

function toCallSlot(row: CallSlotRow): CallSlot {
  const { startsAt, endsAt, cancelledAt, previousEndedAt } = row;
  return {
    rootProviderId: row.rootProviderId,
    organizationId: row.organizationId,
    kind: row.kind,
    version: row.version,
    overlap: toOverlap(row),
    fingerprint: row.fingerprint,
    disabledBy: row.disabledBy === null ? [] : (row.disabledBy.split(' ') as StoredDisablementSource[]), // an enum's words
    subscription: startsAt === null || endsAt === null ? null : { startsAt, endsAt, cancelledAt, previousEndedAt },
    callThreshold: row.callThreshold,
    thresholdPeriod: row.thresholdPeriod,
    windowOpenedAt: row.windowOpenedAt,
  };
}
