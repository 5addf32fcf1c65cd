import { createHash } from 'node:crypto';
import { newId, type OrganizationRef, type ServiceProviderRef } from '../../src/ids.ts';
import type { TestDatabase } from './test-database.ts';

/** What the database keeps for a string called so: no string that anybody could open. */
export function fingerprintOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/**
 * Organizations written as the owner, each holding the string that is called as given; null: an empty slot.
 * @param path from the root down to the provider
 */
export async function insertHolders(
  database: TestDatabase,
  provider: ServiceProviderRef,
  path: readonly string[],
  strings: readonly (string | null)[],
): Promise<OrganizationRef[]> {
  const rows = strings.map((name) => ({
    id: newId<'Organization'>(),
    fingerprint: name === null ? null : fingerprintOf(name),
  }));
  const { rootProviderId, serviceProviderId } = provider;
  await database.query(
    `with place as (select $2::uuid as root, $3::uuid as provider, $4::uuid[] as path),
     held as (select * from json_to_recordset($1) as r (id uuid, fingerprint text)),
     organizations as (
       insert into organization (root_provider_id, id, provider_id, provider_path, name, name_folded, created_at)
       select root, id, provider, path, 'Holder ' || id, 'holder ' || id, now() from place, held returning 1)
     insert into api_key (root_provider_id, organization_id, kind, provider_path, fingerprint, ciphertext, data_key_version,
       key_version, last_four, version, created_at)
     select root, id, kind, path, bytes, case when bytes is not null then '\\x00'::bytea end,
       case when bytes is not null then 1 end, case when bytes is not null then 1 end,
       case when bytes is not null then 'abcd' end, 1, case when bytes is not null then now() end
     from place, held, unnest(enum_range(null::api_key_kind)) kind,
       lateral (select decode(fingerprint, 'hex') as bytes) b`,
    [JSON.stringify(rows), rootProviderId, serviceProviderId, path],
  );
  return rows.map(({ id }) => ({ rootProviderId, organizationId: id }));
}
