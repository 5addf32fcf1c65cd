import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { PLATFORM_ROOT_ID, type ServiceProviderId, type StaffMemberId } from '../ids.ts';
import { staffMemberColumns } from './staff-member.sql.ts';
import type { StaffMember } from './staff-member.ts';

const lock = statement<StaffMember>(
  'staff_member.lock',
  `select ${staffMemberColumns} from staff_member m where m.root_provider_id = $1 and m.id = $2 for update`,
);

export function lockStaffMember(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  id: StaffMemberId,
): Promise<StaffMember | null> {
  return tx.rowOrNull(lock, [rootProviderId, id]);
}

const lockAdmins = statement<{ readonly id: StaffMemberId }>(
  'staff_member.lock_platform_admins',
  `select m.id from staff_member m
   where m.root_provider_id = $1 and m.role = 'PLATFORM_ADMIN' and m.deactivated_at is null
   order by m.id for update`,
);

/** The active ones: none of them ceases to be one until the end of the transaction. Needs the scope of the platform. */
export async function lockPlatformAdmins(tx: Tx): Promise<StaffMemberId[]> {
  return (await tx.rows(lockAdmins, [PLATFORM_ROOT_ID])).map(({ id }) => id);
}

const update = statement<never>(
  'staff_member.update',
  `update staff_member set display_name = $4, role = $5, custom_role_id = $6, custom_role_name = $7,
     custom_permissions = $8, password_must_change = $9, session_epoch = $10, deactivated_at = $11
   where root_provider_id = $1 and id = $2 and session_epoch = $3`,
);

/** @throws Error unless the member is as it was when it was locked */
export async function updateStaffMemberRow(tx: Tx, before: StaffMember, after: StaffMember): Promise<void> {
  const updated = await tx.count(update, [
    before.rootProviderId,
    before.id,
    before.sessionEpoch,
    after.displayName,
    after.role,
    after.customRoleId,
    after.customRoleName,
    after.role === null ? after.customPermissions : [],
    after.passwordMustChange,
    after.sessionEpoch,
    after.deactivatedAt,
  ]);
  if (updated !== 1) throw new Error('a staff member was changed in spite of the lock');
}

const setHash = statement<never>(
  'staff_member.set_password',
  `update staff_member set password_hash = $3 where root_provider_id = $1 and id = $2 and password_hash is not null`,
);

export async function setPasswordHash(tx: Tx, member: StaffMember, passwordHash: string): Promise<void> {
  await tx.count(setHash, [member.rootProviderId, member.id, passwordHash]);
}

const remove = statement<never>(
  'staff_member.delete',
  'delete from staff_member where root_provider_id = $1 and id = $2',
);

/** Their sessions go with them; their user name is still in the directory. */
export async function deleteStaffMember(tx: Tx, { rootProviderId, id }: StaffMember): Promise<void> {
  await tx.count(remove, [rootProviderId, id]);
}

const removeSessions = statement<never>(
  'staff_session.delete_all',
  'delete from staff_session where root_provider_id = $1 and staff_member_id = $2',
);

export async function deleteSessionsOf(tx: Tx, { rootProviderId, id }: StaffMember): Promise<void> {
  await tx.count(removeSessions, [rootProviderId, id]);
}
