import { fromFingerprint } from '../api-key/api-key.sql.ts';
import type { ApiKeyKind } from '../api-key/api-key.ts';
import { type StoredDisablement, sealingContext } from '../api-key/api-key-slot.ts';
import type { AuditState } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Actor } from '../identity/actor.ts';
import { newId } from '../ids.ts';
import type { Organization } from '../organization/organization.ts';
import type { Sealed, TenantKeys } from '../secrets/tenant-keys.ts';
import { fold } from '../text.ts';
import { bulkInsert, bulkInsertEvents, bulkInsertNew, type Column, uuidArray } from './bulk-insert.ts';
import type { KeysOf } from './keys-of-roots.ts';
import type { OrganizationHistory, PastEvent, PastSubscription } from './organization-history.ts';
import type { PastSlot } from './past-slot.ts';

type Of<Thing> = Thing & { readonly organization: Organization };

/** The tenant columns that every table of an organization has. */
const placeColumns: readonly Column<{ readonly organization: Organization }>[] = [
  { name: 'root_provider_id', type: 'uuid', value: ({ organization }) => organization.rootProviderId },
  { name: 'organization_id', type: 'uuid', value: ({ organization }) => organization.organizationId },
  { name: 'provider_path', type: 'uuid[]', value: ({ organization }) => uuidArray(organization.providerPath) },
];

const insertOrganizations = bulkInsertNew<Organization>('organization', [
  { name: 'root_provider_id', type: 'uuid', value: (row) => row.rootProviderId },
  { name: 'id', type: 'uuid', value: (row) => row.organizationId },
  { name: 'provider_id', type: 'uuid', value: (row) => row.providerId },
  { name: 'provider_path', type: 'uuid[]', value: (row) => uuidArray(row.providerPath) },
  { name: 'name', type: 'text', value: (row) => row.name },
  { name: 'name_folded', type: 'text', value: (row) => fold(row.name) },
  { name: 'external_id', type: 'text', value: (row) => row.externalId },
  { name: 'created_at', type: 'timestamptz', value: (row) => row.createdAt },
]);

const insertSubscriptions = bulkInsert<Of<PastSubscription>>('subscription', [
  ...placeColumns,
  { name: 'id', type: 'uuid', value: (row) => row.id },
  { name: 'plan', type: 'text', value: (row) => row.plan },
  { name: 'starts_at', type: 'timestamptz', value: (row) => row.startsAt },
  { name: 'ends_at', type: 'timestamptz', value: (row) => row.endsAt },
  { name: 'call_threshold', type: 'integer', value: (row) => row.callThreshold },
  { name: 'threshold_period', type: 'threshold_period', value: (row) => row.thresholdPeriod },
  { name: 'previous_ended_at', type: 'timestamptz', value: (row) => row.previousEndedAt },
  { name: 'provisioned_at', type: 'timestamptz', value: (row) => row.provisionedAt },
  { name: 'cancelled_at', type: 'timestamptz', value: (row) => row.cancelledAt },
  { name: 'superseded_at', type: 'timestamptz', value: (row) => row.supersededAt },
  { name: 'version', type: 'integer', value: (row) => row.version },
  { name: 'created_at', type: 'timestamptz', value: (row) => row.createdAt },
]);

const insertSlots = bulkInsert<Of<PastSlot> & { readonly sealed: Sealed | null }>('api_key', [
  ...placeColumns,
  { name: 'kind', type: 'api_key_kind', value: (row) => row.kind },
  { name: 'ciphertext', type: 'bytea', value: (row) => row.sealed?.ciphertext ?? null },
  { name: 'data_key_version', type: 'integer', value: (row) => row.sealed?.dataKeyVersion ?? null },
  { name: 'key_version', type: 'integer', value: (row) => row.keyVersion },
  {
    name: 'fingerprint',
    type: 'bytea',
    value: (row) => (row.fingerprint === null ? null : fromFingerprint(row.fingerprint)),
  },
  { name: 'last_four', type: 'text', value: (row) => row.keyString?.lastFour ?? null },
  { name: 'version', type: 'integer', value: (row) => row.version },
  { name: 'created_at', type: 'timestamptz', value: (row) => row.createdAt },
  { name: 'last_modified_at', type: 'timestamptz', value: (row) => row.lastModifiedAt },
  { name: 'last_modified_by_id', type: 'uuid', value: (row) => row.lastModifiedBy?.id ?? null },
  { name: 'last_modified_by_name', type: 'text', value: (row) => row.lastModifiedBy?.displayName ?? null },
]);

const insertDisablements = bulkInsert<Of<StoredDisablement> & { readonly kind: ApiKeyKind }>('disablement', [
  ...placeColumns,
  { name: 'kind', type: 'api_key_kind', value: (row) => row.kind },
  { name: 'source', type: 'stored_disablement_source', value: (row) => row.source },
  { name: 'reason', type: 'stored_disablement_reason', value: (row) => row.reason },
  { name: 'note', type: 'text', value: (row) => row.note },
  { name: 'at', type: 'timestamptz', value: (row) => row.at },
  { name: 'by_id', type: 'uuid', value: (row) => row.byId },
  { name: 'by_name', type: 'text', value: (row) => row.byName },
]);

export const insertEvents = bulkInsertEvents<PastEvent>([
  { name: 'root_provider_id', type: 'uuid', value: ({ subject }) => subject.rootProviderId },
  { name: 'id', type: 'uuid', value: () => newId<'AuditEvent'>() },
  { name: 'at', type: 'timestamptz', value: (row) => row.at },
  { name: 'action', type: 'text', value: (row) => row.action },
  { name: 'actor_id', type: 'uuid', value: ({ actor }) => actor.id },
  { name: 'actor_name', type: 'text', value: ({ actor }) => actor.displayName },
  { name: 'actor_role', type: 'text', value: ({ actor }) => actor.role },
  { name: 'provider_path', type: 'uuid[]', value: ({ subject }) => uuidArray(subject.providerPath) },
  { name: 'organization_id', type: 'uuid', value: ({ subject }) => subject.organizationId },
  { name: 'target', type: 'text', value: (row) => row.target },
  { name: 'result', type: 'text', value: (row) => row.result },
  { name: 'before', type: 'text', value: (row) => written(row.before) },
  { name: 'after', type: 'text', value: (row) => written(row.after) },
  { name: 'note', type: 'text', value: (row) => row.note },
  { name: 'ip_address', type: 'text', value: ({ actor }) => addressOf(actor) },
  { name: 'request_id', type: 'text', value: () => newId<'Request'>() },
]);

function written(state: AuditState | null): string | null {
  return state === null ? null : JSON.stringify(state);
}

/** From a range kept for documentation (RFC 5737), always the same for one person; null for the system. */
function addressOf({ id, displayName }: Actor): string | null {
  if (id === null) return null;
  const sum = [...displayName].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
  return `203.0.113.${1 + (sum % 254)}`;
}

/**
 * Everything of these organizations but their audit events. Strings are sealed here, under the version they were
 * written at. @returns those that were inserted: not one whose name or external id another one of its provider has
 */
export async function insertHistories(
  tx: Tx,
  given: readonly OrganizationHistory[],
  keysOf: KeysOf,
): Promise<OrganizationHistory[]> {
  const inserted = await insertOrganizations(
    tx,
    given.map(({ organization }) => organization),
  );
  const histories = given.filter(({ organization }) => inserted.has(organization.organizationId));
  const slots = histories.flatMap(({ organization, slots }) =>
    slots.map((slot) => ({ ...slot, organization, sealed: seal(keysOf(organization), organization, slot) })),
  );
  const disablements = slots.flatMap(({ organization, kind, disablements }) =>
    disablements.map((disablement) => ({ ...disablement, organization, kind })),
  );
  const subscriptions = histories.flatMap(({ organization, subscriptions }) =>
    subscriptions.map((subscription) => ({ ...subscription, organization })),
  );
  await Promise.all([
    insertSubscriptions(tx, subscriptions),
    insertSlots(tx, slots),
    insertDisablements(tx, disablements),
  ]);
  return histories;
}

function seal(keys: TenantKeys, organization: Organization, { kind, keyString, keyVersion }: PastSlot): Sealed | null {
  if (keyString === null || keyVersion === null) return null;
  const { rootProviderId, organizationId } = organization;
  return keys.seal(keyString, sealingContext({ rootProviderId, organizationId, kind }, keyVersion));
}

const isAnyProviderThere = statement<{ there: boolean }>(
  'seed.is_any_provider_there',
  'select exists (select from service_provider) as there',
);

export async function hasServiceProvider(tx: Tx): Promise<boolean> {
  return (await tx.row(isAnyProviderThere, [])).there;
}
