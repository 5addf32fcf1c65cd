import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId, StaffMemberId } from '../ids.ts';
import { fold } from '../text.ts';
import { staffMemberColumns } from './staff-member.sql.ts';
import type { StaffMember } from './staff-member.ts';

const findWithPassword = statement<StaffMember & { passwordHash: string | null }>(
  'staff_member.find_with_password',
  `select ${staffMemberColumns}, m.password_hash as "passwordHash"
   from staff_member m where m.root_provider_id = $1 and m.id = $2`,
);

export function findStaffMemberWithPassword(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  id: StaffMemberId,
): Promise<(StaffMember & { passwordHash: string | null }) | null> {
  return tx.rowOrNull(findWithPassword, [rootProviderId, id]);
}

const find = statement<StaffMember>(
  'staff_member.find',
  `select ${staffMemberColumns} from staff_member m
   where ($1::uuid is null or m.root_provider_id = $1) and m.id = $2`,
);

/** @param rootProviderId null: whatever it is */
export function findStaffMember(
  tx: Tx,
  rootProviderId: ServiceProviderId | null,
  id: StaffMemberId,
): Promise<StaffMember | null> {
  return tx.rowOrNull(find, [rootProviderId, id]);
}

const insert = statement<never>(
  'staff_member.insert',
  `insert into staff_member (root_provider_id, id, provider_id, provider_path, organization_id, username, username_folded,
     display_name, password_hash, password_must_change, role, custom_role_id, custom_role_name, custom_permissions, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
);

/** Somebody with a password. Their user name also goes into the directory. */
export async function insertStaffMember(tx: Tx, member: StaffMember, passwordHash: string): Promise<void> {
  await tx.count(insert, [
    member.rootProviderId,
    member.id,
    member.providerId,
    member.providerPath,
    member.organizationId,
    member.username,
    fold(member.username),
    member.displayName,
    passwordHash,
    member.passwordMustChange,
    member.role,
    member.customRoleId,
    member.customRoleName,
    member.role === null ? member.customPermissions : [],
    member.createdAt,
  ]);
}
