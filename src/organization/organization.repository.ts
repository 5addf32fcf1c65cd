import { byRoot } from '../by-root.ts';
import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationRef } from '../ids.ts';
import { fold } from '../text.ts';
import type { Organization } from './organization.ts';

const organizationColumns = `o.root_provider_id as "rootProviderId", o.id as "organizationId",
  o.provider_id as "providerId", o.provider_path as "providerPath", o.name, o.external_id as "externalId",
  o.created_at as "createdAt"`;

const find = statement<Organization>(
  'organization.find',
  `select ${organizationColumns} from organization o where o.root_provider_id = $1 and o.id = $2`,
);

export function findOrganization(tx: Tx, ref: OrganizationRef): Promise<Organization | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.organizationId]);
}

const findMany = statement<Organization>(
  'organization.find_many',
  `select ${organizationColumns} from organization o
   join unnest($1::uuid[], $2::uuid[]) wanted (root_provider_id, id)
     on o.root_provider_id = wanted.root_provider_id and o.id = wanted.id`,
);

export function findOrganizations(tx: Tx, refs: readonly OrganizationRef[]): Promise<Organization[]> {
  return tx.rows(findMany, [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.organizationId)]);
}

const lock = statement<Organization>(
  'organization.lock',
  `select ${organizationColumns} from organization o where o.root_provider_id = $1 and o.id = $2 for no key update`,
);

/**
 * What changes an organization's subscription holds this lock, and takes it before any lock on its slots. Rows that only
 * refer to the organization, such as an API login, wait for nobody who does (ADR 18).
 */
export function lockOrganization(tx: Tx, ref: OrganizationRef): Promise<Organization | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.organizationId]);
}

const lockMany = statement<Organization>(
  'organization.lock_many',
  `select ${organizationColumns} from organization o
   where o.root_provider_id = $1 and o.id = any ($2::uuid[])
   order by o.id
   for no key update of o`,
);

/** In the order that all have who lock many: by root and organization. Those out of sight are not among them. */
export async function lockOrganizations(tx: Tx, refs: readonly OrganizationRef[]): Promise<Organization[]> {
  const locks = byRoot(refs).map(([root, ofRoot]) =>
    tx.rows(lockMany, [root, ofRoot.map((ref) => ref.organizationId)]),
  );
  return (await Promise.all(locks)).flat();
}

const insert = statement<never>(
  'organization.insert',
  `with inserted as (
     insert into organization (root_provider_id, id, provider_id, provider_path, name, name_folded, external_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
   )
   insert into api_key (root_provider_id, organization_id, kind, provider_path)
   select $1, $2, unnest(enum_range(null::api_key_kind)), $4`,
);

/** Together with an empty slot of every kind. @throws pg.DatabaseError on a name or external id that is taken */
export async function insertOrganization(tx: Tx, organization: Organization): Promise<void> {
  await tx.count(insert, [
    organization.rootProviderId,
    organization.organizationId,
    organization.providerId,
    organization.providerPath,
    organization.name,
    fold(organization.name),
    organization.externalId,
    organization.createdAt,
  ]);
}

export const organizationNameIndex = 'organization_root_provider_id_provider_id_name_folded_key';
export const organizationExternalIdIndex = 'organization_root_provider_id_provider_id_external_id_key';
