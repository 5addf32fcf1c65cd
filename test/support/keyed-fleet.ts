import { findSlots } from '../../src/api-key/api-key.repository.ts';
import { writeKeys } from '../../src/api-key/api-key-bulk.repository.ts';
import { sealKeyString } from '../../src/api-key/key-material.ts';
import { KeyString } from '../../src/api-key/key-string.ts';
import type { Services } from '../../src/context.ts';
import { PLATFORM_SCOPE } from '../../src/database/scope.ts';
import { newId, type OrganizationRef, type ServiceProviderRef } from '../../src/ids.ts';
import { placeOf } from './fixtures.ts';
import type { TestDatabase } from './test-database.ts';

type Query = (sql: string, values?: readonly unknown[]) => Promise<unknown>;
const CHUNK = 5000;

/** Many organizations with an active subscription, and a key that all of them share. */
export async function insertKeyedFleet(
  services: Services,
  query: Query,
  provider: ServiceProviderRef,
  count: number,
): Promise<OrganizationRef[]> {
  const { rootProviderId, providerPath } = await placeOf(services, provider);
  const all = Array.from({ length: count }, () => ({ rootProviderId, organizationId: newId<'Organization'>() }));
  for (let start = 0; start < count; start += CHUNK) {
    const refs = all.slice(start, start + CHUNK);
    await insertRows(query, provider, providerPath, refs);
    await insertKeys(services, refs);
  }
  await query('analyze');
  return all;
}

/** How many of them have a key string that ends so. */
export async function countWithString(
  query: TestDatabase['query'],
  fleet: readonly OrganizationRef[],
  lastFour: string,
): Promise<number> {
  const [row] = await query<{ count: number }>(
    `select count(*)::int as count from api_key where kind = 'CLOUD_SERVICE' and last_four = $1 and organization_id = any ($2)`,
    [lastFour, fleet.map(({ organizationId }) => organizationId)],
  );
  return row?.count ?? 0;
}

async function insertRows(
  query: Query,
  provider: ServiceProviderRef,
  path: readonly string[],
  refs: readonly OrganizationRef[],
): Promise<void> {
  const ids = refs.map(({ organizationId }) => organizationId);
  const subscriptions = refs.map(() => newId<'Subscription'>());
  await query(
    `with given as (select * from unnest($4::uuid[], $5::uuid[]) as given (id, subscription)),
     organizations as (
       insert into organization (root_provider_id, id, provider_id, provider_path, name, name_folded, created_at)
       select $1, id, $2, $3, 'organization ' || id, 'organization ' || id, now() from given returning 1),
     slots as (
       insert into api_key (root_provider_id, organization_id, kind, provider_path)
       select $1, id, kind, $3 from given, unnest(enum_range(null::api_key_kind)) kind returning 1)
     insert into subscription (root_provider_id, id, organization_id, provider_path, plan, starts_at, ends_at, provisioned_at, created_at)
     select $1, subscription, id, $3, 'API', now() - interval '1 day', now() + interval '1 year', now(), now() from given`,
    [provider.rootProviderId, provider.serviceProviderId, path, ids, subscriptions],
  );
}

const OLD_KEY = 'OLDkey000000';

async function insertKeys(services: Services, refs: readonly OrganizationRef[]): Promise<void> {
  const keyString = KeyString.parse(OLD_KEY);
  if (keyString === null) throw new Error('no key string');
  await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    const slots = await findSlots(
      tx,
      refs.map((ref) => ({ ...ref, kind: 'CLOUD_SERVICE' as const })),
    );
    const keys = [];
    for (const slot of slots) keys.push({ slot, material: await sealKeyString(services, tx, slot, keyString) });
    await writeKeys(tx, keys, { at: new Date(), byId: null, byName: 'System' });
  });
}
