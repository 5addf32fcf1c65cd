import { fromFingerprint } from '../api-key/api-key.sql.ts';
import type { ApiKeyKind } from '../api-key/api-key.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, ServiceProviderId } from '../ids.ts';
import type { Organization } from '../organization/organization.ts';
import type { Fingerprint, Sealed } from '../secrets/tenant-keys.ts';
import type { Subscription, ThresholdPeriod } from '../subscription/subscription.ts';
import { fold } from '../text.ts';
import type { ExistingOrganization } from './decide-row.ts';

/** Whose organizations they are. */
export interface ProviderPlace {
  readonly rootProviderId: ServiceProviderId;
  readonly id: ServiceProviderId;
  readonly providerPath: readonly ServiceProviderId[];
}

interface ExistingRow {
  readonly organizationId: OrganizationId;
  readonly name: string;
  readonly externalId: string | null;
  readonly plan: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly callThreshold: number | null;
  readonly thresholdPeriod: ThresholdPeriod | null;
}

/** All at once: should the planner take another index than the unique one, it reads it through once and not for each. */
const existing = (column: 'name_folded' | 'external_id') => `
  select o.id as "organizationId", o.name, o.external_id as "externalId", s.plan, s.starts_at as "startsAt",
    s.ends_at as "endsAt", s.call_threshold as "callThreshold", s.threshold_period as "thresholdPeriod"
  from organization o
  left join lateral (select s.plan, s.starts_at, s.ends_at, s.call_threshold, s.threshold_period from subscription s
    where s.root_provider_id = o.root_provider_id and s.organization_id = o.id and s.superseded_at is null offset 0) s on true
  where o.root_provider_id = $1 and o.provider_id = $2 and o.${column} = any ($3::text[])`;

const findByName = statement<ExistingRow>('import.find_by_name', existing('name_folded'));
const findByExternalId = statement<ExistingRow>('import.find_by_external_id', existing('external_id'));

/**
 * While a file is imported the table may grow from nothing: a plan that was made when it was small reads all of it for
 * every look-up.
 */
const planAnew = statement<never>('import.plan_anew', 'set local plan_cache_mode = force_custom_plan');
const planAsUsual = statement<never>('import.plan_as_usual', 'set local plan_cache_mode = auto');

/** Those of the provider that have one of the names, or one of the external ids. */
export async function findExistingOrganizations(
  tx: Tx,
  provider: ProviderPlace,
  named: readonly { readonly name: string; readonly externalId: string | null }[],
): Promise<ExistingOrganization[]> {
  const names = named.map(({ name }) => fold(name));
  const externalIds = named.map(({ externalId }) => externalId).filter((id) => id !== null);
  const place = [provider.rootProviderId, provider.id];
  const [, byName, byExternalId] = await Promise.all([
    tx.count(planAnew, []),
    tx.rows(findByName, [...place, names]),
    tx.rows(findByExternalId, [...place, externalIds]),
    tx.count(planAsUsual, []),
  ]);
  return [...byName, ...byExternalId].map(toExisting);
}

function toExisting(row: ExistingRow): ExistingOrganization {
  const { organizationId, name, externalId, plan, startsAt, endsAt, callThreshold, thresholdPeriod } = row;
  const isWithout = plan === null || startsAt === null || endsAt === null;
  const subscription = isWithout ? null : { plan, startsAt, endsAt, callThreshold, thresholdPeriod };
  return { organizationId, name, externalId, subscription };
}

const insertOrganizations = statement<{ organizationId: OrganizationId }>(
  'import.insert_organizations',
  `insert into organization (root_provider_id, id, provider_id, provider_path, name, name_folded, external_id, created_at)
   select $1, n.id, $2, $3, n.name, n.name_folded, n.external_id, $4
   from unnest($5::uuid[], $6::text[], $7::text[], $8::text[]) n (id, name, name_folded, external_id)
   on conflict do nothing returning id as "organizationId"`,
);

/** @returns those that were inserted: not one whose name or external id another one has taken meanwhile */
export async function insertNewOrganizations(
  tx: Tx,
  provider: ProviderPlace,
  organizations: readonly Organization[],
  now: Date,
): Promise<ReadonlySet<OrganizationId>> {
  const inserted = await tx.rows(insertOrganizations, [
    provider.rootProviderId,
    provider.id,
    provider.providerPath,
    now,
    organizations.map(({ organizationId }) => organizationId),
    organizations.map(({ name }) => name),
    organizations.map(({ name }) => fold(name)),
    organizations.map(({ externalId }) => externalId),
  ]);
  return new Set(inserted.map(({ organizationId }) => organizationId));
}

interface NewSubscription extends Subscription {
  readonly organizationId: OrganizationId;
  /** Null while it is scheduled. */
  readonly provisionedAt: Date | null;
}

const insertSubscriptions = statement<never>(
  'import.insert_subscriptions',
  `insert into subscription (root_provider_id, id, organization_id, provider_path, plan, starts_at, ends_at,
     call_threshold, threshold_period, previous_ended_at, provisioned_at, created_at)
   select $1, n.id, n.organization_id, $2, n.plan, n.starts_at, n.ends_at, n.call_threshold, n.threshold_period,
     null, n.provisioned_at, $3
   from unnest($4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::int[],
       $10::threshold_period[], $11::timestamptz[])
     n (id, organization_id, plan, starts_at, ends_at, call_threshold, threshold_period, provisioned_at)`,
);

export async function insertNewSubscriptions(
  tx: Tx,
  provider: ProviderPlace,
  subscriptions: readonly NewSubscription[],
  now: Date,
): Promise<void> {
  if (subscriptions.length === 0) return;
  await tx.count(insertSubscriptions, [
    provider.rootProviderId,
    provider.providerPath,
    now,
    subscriptions.map(({ id }) => id),
    subscriptions.map(({ organizationId }) => organizationId),
    subscriptions.map(({ plan }) => plan),
    subscriptions.map(({ startsAt }) => startsAt),
    subscriptions.map(({ endsAt }) => endsAt),
    subscriptions.map(({ callThreshold }) => callThreshold),
    subscriptions.map(({ thresholdPeriod }) => thresholdPeriod),
    subscriptions.map(({ provisionedAt }) => provisionedAt),
  ]);
}

/** A slot of an organization that is new. */
export interface NewSlot {
  readonly organizationId: OrganizationId;
  readonly kind: ApiKeyKind;
  /** Null: it is empty. */
  readonly key: (Sealed & { readonly fingerprint: Fingerprint; readonly lastFour: string }) | null;
}

const insertSlots = statement<never>(
  'import.insert_slots',
  `insert into api_key (root_provider_id, organization_id, kind, provider_path, version, key_version, ciphertext,
     data_key_version, fingerprint, last_four, created_at, last_modified_at, last_modified_by_id, last_modified_by_name)
   select $1, n.organization_id, n.kind, $2, filled.version, nullif(filled.version, 0), n.ciphertext, n.data_key_version,
     n.fingerprint, n.last_four, filled.at, filled.at, filled.by_id, filled.by_name
   from unnest($6::uuid[], $7::api_key_kind[], $8::bytea[], $9::int[], $10::bytea[], $11::text[])
     n (organization_id, kind, ciphertext, data_key_version, fingerprint, last_four)
   join (values (true, 1, $3::timestamptz, $4::uuid, $5::text), (false, 0, null, null, null))
     filled (is_so, version, at, by_id, by_name) on filled.is_so = (n.ciphertext is not null)`,
);

/** @param by who fills those that are filled, and when: at version 1 */
export async function insertNewSlots(
  tx: Tx,
  provider: ProviderPlace,
  slots: readonly NewSlot[],
  by: { readonly at: Date; readonly byId: string | null; readonly byName: string },
): Promise<void> {
  const keys = slots.map(({ key }) => key);
  await tx.count(insertSlots, [
    provider.rootProviderId,
    provider.providerPath,
    by.at,
    by.byId,
    by.byName,
    slots.map(({ organizationId }) => organizationId),
    slots.map(({ kind }) => kind),
    keys.map((key) => key?.ciphertext ?? null),
    keys.map((key) => key?.dataKeyVersion ?? null),
    keys.map((key) => (key === null ? null : fromFingerprint(key.fingerprint))),
    keys.map((key) => key?.lastFour ?? null),
  ]);
}
