import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { CustomRoleRef, ServiceProviderId } from '../ids.ts';
import { fold } from '../text.ts';
import type { CustomRole } from './custom-role.ts';

const columns = `r.root_provider_id as "rootProviderId", r.id, r.provider_id as "providerId",
  r.provider_path as "providerPath", null as "organizationId", r.name, r.permissions, r.created_at as "createdAt"`;

const findMany = statement<CustomRole>(
  'custom_role.find_many',
  `select ${columns} from custom_role r
   join unnest($1::uuid[], $2::uuid[]) wanted (root_provider_id, id)
     on r.root_provider_id = wanted.root_provider_id and r.id = wanted.id`,
);

export function findCustomRoles(tx: Tx, refs: readonly CustomRoleRef[]): Promise<CustomRole[]> {
  return tx.rows(findMany, [refs.map((ref) => ref.rootProviderId), refs.map((ref) => ref.customRoleId)]);
}

const find = statement<CustomRole>(
  'custom_role.find',
  `select ${columns} from custom_role r where r.root_provider_id = $1 and r.id = $2`,
);

export function findCustomRole(tx: Tx, ref: CustomRoleRef): Promise<CustomRole | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.customRoleId]);
}

const share = statement<CustomRole>(
  'custom_role.share',
  `select ${columns} from custom_role r where r.root_provider_id = $1 and r.id = $2 for share`,
);

/** As it will be until the end of the transaction, which gives it to somebody. */
export function shareCustomRole(tx: Tx, ref: CustomRoleRef): Promise<CustomRole | null> {
  return tx.rowOrNull(share, [ref.rootProviderId, ref.customRoleId]);
}

const lock = statement<CustomRole>(
  'custom_role.lock',
  `select ${columns} from custom_role r where r.root_provider_id = $1 and r.id = $2 for update`,
);

/** Nobody is given it until the end of the transaction. */
export function lockCustomRole(tx: Tx, ref: CustomRoleRef): Promise<CustomRole | null> {
  return tx.rowOrNull(lock, [ref.rootProviderId, ref.customRoleId]);
}

const listFor = statement<CustomRole>(
  'custom_role.list_for',
  `select ${columns} from custom_role r
   where r.root_provider_id = $1 and r.provider_id = any ($2::uuid[])
   order by r.name_folded, r.id`,
);

/** Those of a provider and of the ones above it, by name. */
export function listCustomRoles(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  providerPath: readonly ServiceProviderId[],
): Promise<CustomRole[]> {
  return tx.rows(listFor, [rootProviderId, providerPath]);
}

const insert = statement<never>(
  'custom_role.insert',
  `insert into custom_role (root_provider_id, id, provider_id, provider_path, name, name_folded, permissions, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** @throws pg.DatabaseError on a name that the provider uses: see `customRoleNameIndex` */
export async function insertCustomRole(tx: Tx, role: CustomRole): Promise<void> {
  const { rootProviderId, id, providerId, providerPath, name, permissions, createdAt } = role;
  await tx.count(insert, [rootProviderId, id, providerId, providerPath, name, fold(name), permissions, createdAt]);
}

const update = statement<never>(
  'custom_role.update',
  `update custom_role set name = $3, name_folded = $4, permissions = $5 where root_provider_id = $1 and id = $2`,
);

/** @throws pg.DatabaseError on a name that the provider uses */
export async function updateCustomRoleRow(tx: Tx, role: CustomRole): Promise<void> {
  await tx.count(update, [role.rootProviderId, role.id, role.name, fold(role.name), role.permissions]);
}

const remove = statement<never>(
  'custom_role.delete',
  'delete from custom_role where root_provider_id = $1 and id = $2',
);

export async function deleteCustomRoleRow(tx: Tx, { rootProviderId, id }: CustomRole): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

export const customRoleNameIndex = 'custom_role_root_provider_id_provider_id_name_folded_key';
