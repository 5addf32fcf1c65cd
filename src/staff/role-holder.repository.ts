import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { OrganizationId, StaffMemberId } from '../ids.ts';
import type { CustomRole } from './custom-role.ts';

export interface RoleHolder {
  readonly id: StaffMemberId;
  readonly organizationId: OrganizationId | null;
}

const lockAll = statement<RoleHolder>(
  'role_holder.lock',
  `select m.id, m.organization_id as "organizationId" from staff_member m
   where m.root_provider_id = $1 and m.custom_role_id = $2 order by m.id for update`,
);

/** Everybody who has the role, at its provider and below. */
export function lockRoleHolders(tx: Tx, { rootProviderId, id }: CustomRole): Promise<RoleHolder[]> {
  return tx.rows(lockAll, [rootProviderId, id]);
}

const rename = statement<never>(
  'role_holder.rename',
  'update staff_member set custom_role_name = $3 where root_provider_id = $1 and custom_role_id = $2',
);

/** Their sessions go on. */
export async function renameRoleOfHolders(tx: Tx, { rootProviderId, id, name }: CustomRole): Promise<void> {
  await tx.count(rename, [rootProviderId, id, name]);
}

const change = statement<never>(
  'role_holder.change_permissions',
  `update staff_member set custom_permissions = $3, session_epoch = session_epoch + 1
   where root_provider_id = $1 and custom_role_id = $2`,
);
const endSessions = statement<never>(
  'role_holder.end_sessions',
  'delete from staff_session where root_provider_id = $1 and staff_member_id = any ($2::uuid[])',
);

/** It ends their sessions. */
export async function changePermissionsOfHolders(
  tx: Tx,
  { rootProviderId, id, permissions }: CustomRole,
  holders: readonly RoleHolder[],
): Promise<void> {
  await tx.count(change, [rootProviderId, id, permissions]);
  const ids = holders.map((holder) => holder.id);
  await tx.count(endSessions, [rootProviderId, ids]);
}
