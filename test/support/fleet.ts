import { newId, type OrganizationRef, type ServiceProviderRef } from '../../src/ids.ts';
import { fold } from '../../src/text.ts';
import type { TestDatabase } from './test-database.ts';

export interface FleetRow extends OrganizationRef {
  readonly name: string;
  readonly externalId: string | null;
  readonly createdAt: Date;
  /** Null: the slot was never touched. */
  readonly keyLastModifiedAt: Date | null;
  /** Null: there is no subscription. */
  readonly subscriptionEndsAt: Date | null;
}

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;

/** Names that sort differently by letters, by bytes and by case; instants that many share; and some that are missing. */
function rowOf(rootProviderId: OrganizationRef['rootProviderId'], index: number): FleetRow {
  const initial = ['a', 'B', 'Z', 'é', 'Ω', '\u{1F511}', '_', '%'][index % 8] ?? '';
  return {
    rootProviderId,
    organizationId: newId<'Organization'>(),
    name: `${initial} organization ${String((index * 37) % 1000)}`,
    externalId: index % 3 === 0 ? `Ext-${index}` : null,
    createdAt: new Date(START + (index % 10) * HOUR),
    keyLastModifiedAt: index % 4 === 0 ? null : new Date(START + (index % 7) * HOUR),
    subscriptionEndsAt: index % 5 === 0 ? null : new Date(START + (10_000 + (index % 9)) * HOUR),
  };
}

/** Organizations written as the owner: many at once, and at instants of choice. */
export async function insertFleet(
  database: TestDatabase,
  provider: ServiceProviderRef,
  path: readonly string[],
  count: number,
): Promise<FleetRow[]> {
  const rows = Array.from({ length: count }, (_, index) => rowOf(provider.rootProviderId, index));
  const json = rows.map((row) => ({ ...row, id: row.organizationId, folded: fold(row.name), subscription: newId() }));
  const place = [JSON.stringify(json), provider.rootProviderId, provider.serviceProviderId, path];
  const source = `json_to_recordset($1) as r (id uuid, name text, folded text, "externalId" text, "createdAt" timestamptz,
    "keyLastModifiedAt" timestamptz, "subscriptionEndsAt" timestamptz, subscription uuid)`;
  await database.query(
    `with place as (select $2::uuid as root, $3::uuid as provider, $4::uuid[] as path),
     organizations as (
       insert into organization (root_provider_id, id, provider_id, provider_path, name, name_folded, external_id, created_at)
       select root, id, provider, path, name, folded, "externalId", "createdAt" from place, ${source} returning 1),
     slots as (
       insert into api_key (root_provider_id, organization_id, kind, provider_path, last_modified_at)
       select root, id, kind, path, case kind when 'CLOUD_SERVICE' then "keyLastModifiedAt" end
       from place, unnest(enum_range(null::api_key_kind)) kind, ${source} returning 1)
     insert into subscription (root_provider_id, id, organization_id, provider_path, plan, starts_at, ends_at, provisioned_at, created_at)
     select root, subscription, id, path, 'API', "createdAt", "subscriptionEndsAt", "createdAt", "createdAt"
     from place, ${source} where "subscriptionEndsAt" is not null`,
    place,
  );
  await database.query('analyze');
  return rows;
}
