import type { Tx } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import { ofProviders } from '../fleet/conditions.sql.ts';
import { parseSavedFilter } from '../fleet/saved-filter.ts';
import type { OrganizationGroupRef, ServiceProviderRef } from '../ids.ts';
import type { PageRequest } from '../page.ts';
import { fold } from '../text.ts';
import type { OrganizationGroup } from './organization-group.ts';

const columns = `g.root_provider_id as "rootProviderId", g.id, g.provider_id as "providerId",
  g.provider_path as "providerPath", null as "organizationId", g.name, g.filter, g.created_at as "createdAt",
  g.created_by_name as "createdByName"`;

interface Row extends Omit<OrganizationGroup, 'filter'> {
  readonly filter: unknown;
}

function toGroup(row: Row): OrganizationGroup {
  return { ...row, filter: row.filter === null ? null : parseSavedFilter(row.filter) };
}

const find = statement<Row>(
  'organization_group.find',
  `select ${columns} from organization_group g where g.root_provider_id = $1 and g.id = $2`,
);

export async function findOrganizationGroup(tx: Tx, ref: OrganizationGroupRef): Promise<OrganizationGroup | null> {
  const row = await tx.rowOrNull(find, [ref.rootProviderId, ref.organizationGroupId]);
  return row === null ? null : toGroup(row);
}

const lock = statement<Row>(
  'organization_group.lock',
  `select ${columns} from organization_group g where g.root_provider_id = $1 and g.id = $2 for update`,
);

/** Nobody else changes its members until the end of the transaction. */
export async function lockOrganizationGroup(tx: Tx, ref: OrganizationGroupRef): Promise<OrganizationGroup | null> {
  const row = await tx.rowOrNull(lock, [ref.rootProviderId, ref.organizationGroupId]);
  return row === null ? null : toGroup(row);
}

/** By name; one longer than asked for. */
export async function findOrganizationGroupPage(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
  { first, after }: PageRequest,
): Promise<OrganizationGroup[]> {
  const conditions = ofProviders(scope, serviceProvider, 'g');
  if (after !== null) {
    conditions.add('a', [after.value, after.id], (name, id) => `(g.name_folded, g.id) > (${name}::text, ${id}::uuid)`);
  }
  const page = statement<Row>(
    `organization_group.page_${conditions.code}`,
    `select ${columns} from organization_group g where ${conditions.where}
     order by g.name_folded, g.id limit $${conditions.values.push(first + 1)}`,
  );
  return (await tx.rows(page, conditions.values)).map(toGroup);
}

export async function countOrganizationGroupRows(
  tx: Tx,
  scope: Scope,
  serviceProvider: ServiceProviderRef | null,
): Promise<number> {
  const conditions = ofProviders(scope, serviceProvider, 'g');
  const sql = `select count(*)::int as count from organization_group g where ${conditions.where}`;
  const count = statement<{ count: number }>(`organization_group.count_${conditions.code}`, sql);
  return (await tx.row(count, conditions.values)).count;
}

const insert = statement<never>(
  'organization_group.insert',
  `insert into organization_group (root_provider_id, id, provider_id, provider_path, name, name_folded, filter,
     created_at, created_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

/** @throws pg.DatabaseError on a name that the provider uses: see `organizationGroupNameIndex` */
export async function insertOrganizationGroup(tx: Tx, group: OrganizationGroup): Promise<void> {
  const { rootProviderId, id, providerId, providerPath, name, createdAt, createdByName } = group;
  const filter = written(group);
  await tx.count(insert, [
    ...[rootProviderId, id, providerId, providerPath, name, fold(name), filter, createdAt, createdByName],
  ]);
}

const update = statement<never>(
  'organization_group.update',
  `update organization_group set name = $3, name_folded = $4, filter = $5 where root_provider_id = $1 and id = $2`,
);

/** @throws pg.DatabaseError on a name that the provider uses */
export async function updateOrganizationGroupRow(tx: Tx, group: OrganizationGroup): Promise<void> {
  await tx.count(update, [group.rootProviderId, group.id, group.name, fold(group.name), written(group)]);
}

const remove = statement<never>(
  'organization_group.delete',
  'delete from organization_group where root_provider_id = $1 and id = $2',
);

/** With its members. */
export async function deleteOrganizationGroupRow(tx: Tx, { rootProviderId, id }: OrganizationGroup): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

function written({ filter }: OrganizationGroup): string | null {
  return filter === null ? null : JSON.stringify(filter);
}

export const organizationGroupNameIndex = 'organization_group_root_provider_id_provider_id_name_folded_key';
