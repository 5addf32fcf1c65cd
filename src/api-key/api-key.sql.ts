import type { ActorId, OrganizationId, ServiceProviderId } from '../ids.ts';
import type { Fingerprint } from '../secrets/tenant-keys.ts';
import type { ApiKeyKind, StoredDisablementSource } from './api-key.ts';
import type { ApiKeySlot, ApiKeyView } from './api-key-slot.ts';

/** `k` is the slot, `s` the organization's current subscription, if any. */
export const slotViewColumns = `k.version, encode(k.fingerprint, 'hex') as fingerprint, k.last_four as "lastFour",
  k.created_at as "createdAt", k.last_modified_at as "lastModifiedAt", k.last_modified_by_id as "lastModifiedById",
  k.last_modified_by_name as "lastModifiedByName",
  (select string_agg(d.source::text, ' ') from disablement d where d.root_provider_id = k.root_provider_id
    and d.organization_id = k.organization_id and d.kind = k.kind) as "disabledBy",
  s.starts_at as "startsAt", s.ends_at as "endsAt", s.cancelled_at as "cancelledAt",
  s.previous_ended_at as "previousEndedAt"`;

export const slotColumns = `k.root_provider_id as "rootProviderId", k.organization_id as "organizationId", k.kind,
  k.provider_path as "providerPath", ${slotViewColumns}`;

export const slotSource = `api_key k
  left join subscription s on s.root_provider_id = k.root_provider_id and s.organization_id = k.organization_id
    and s.superseded_at is null`;

/** The columns of `slotViewColumns`. */
export interface SlotViewRow {
  readonly version: number;
  readonly fingerprint: Fingerprint | null;
  readonly lastFour: string | null;
  readonly createdAt: Date | null;
  readonly lastModifiedAt: Date | null;
  readonly lastModifiedById: ActorId | null;
  readonly lastModifiedByName: string | null;
  /** The sources, with blanks between them. */
  readonly disabledBy: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly previousEndedAt: Date | null;
}

export interface SlotRow extends SlotViewRow {
  readonly rootProviderId: ServiceProviderId;
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyKind;
  readonly providerPath: ServiceProviderId[];
}

export function toSlotView(
  row: SlotViewRow,
  rootProviderId: ServiceProviderId,
  organizationId: OrganizationId,
  kind: ApiKeyKind,
): ApiKeyView {
  const { startsAt, endsAt, cancelledAt, previousEndedAt } = row;
  return {
    rootProviderId,
    organizationId,
    kind,
    version: row.version,
    fingerprint: row.fingerprint,
    lastFour: row.lastFour,
    createdAt: row.createdAt,
    lastModifiedAt: row.lastModifiedAt,
    lastModifiedById: row.lastModifiedById,
    lastModifiedByName: row.lastModifiedByName,
    disabledBy: row.disabledBy === null ? [] : (row.disabledBy.split(' ') as StoredDisablementSource[]), // an enum's words
    subscription: startsAt === null || endsAt === null ? null : { startsAt, endsAt, cancelledAt, previousEndedAt },
  };
}

export function toSlot(row: SlotRow): ApiKeySlot {
  const { rootProviderId, organizationId, kind, providerPath } = row;
  return { ...toSlotView(row, rootProviderId, organizationId, kind), organizationId, providerPath };
}

/** As the database keeps it. */
export function fromFingerprint(fingerprint: string): Buffer {
  return Buffer.from(fingerprint, 'hex');
}

/** The SQL twin of `expiredSince` being set. @param now placeholder of the current instant */
export function expiredSql(now: string): string {
  return `(s.id is not null and (s.cancelled_at is not null or s.ends_at <= ${now} or (s.starts_at > ${now} and s.previous_ended_at is not null)))`;
}

/** The SQL twin of `apiKeyStatus`; a test holds the two equal. */
export function apiKeyStatusSql(now: string): string {
  return `case
    when ${expiredSql(now)} or exists (select from disablement d where d.root_provider_id = k.root_provider_id
      and d.organization_id = k.organization_id and d.kind = k.kind) then 'DISABLED'
    when k.fingerprint is null then 'NONE' else 'ENABLED' end`;
}
