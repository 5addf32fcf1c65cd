import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { TrustedIssuerRef } from '../ids.ts';
import { staffMemberColumns } from '../staff/staff-member.sql.ts';
import type { StaffMember } from '../staff/staff-member.ts';
import { fold } from '../text.ts';

const find = statement<StaffMember>(
  'staff_member.find_external',
  `select ${staffMemberColumns} from staff_member m
   where m.root_provider_id = $1 and m.trusted_issuer_id = $2 and m.external_subject = $3`,
);

/** Who has this subject at the issuer. */
export function findExternalMember(tx: Tx, ref: TrustedIssuerRef, subject: string): Promise<StaffMember | null> {
  return tx.rowOrNull(find, [ref.rootProviderId, ref.trustedIssuerId, subject]);
}

const insert = statement<never>(
  'staff_member.insert_external',
  `insert into staff_member (root_provider_id, id, provider_id, provider_path, organization_id, username, username_folded,
     display_name, role, custom_role_id, custom_role_name, custom_permissions, trusted_issuer_id, external_subject, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
   on conflict (root_provider_id, trusted_issuer_id, external_subject) do nothing`,
);

/** @returns false when another request was first */
export async function insertExternalMember(tx: Tx, member: StaffMember, subject: string): Promise<boolean> {
  const inserted = await tx.count(insert, [
    member.rootProviderId,
    member.id,
    member.providerId,
    member.providerPath,
    member.organizationId,
    member.username,
    fold(member.username),
    member.displayName,
    member.role,
    member.customRoleId,
    member.customRoleName,
    member.role === null ? member.customPermissions : [],
    member.trustedIssuerId,
    subject,
    member.createdAt,
  ]);
  return inserted === 1;
}

const setRole = statement<Pick<StaffMember, 'sessionEpoch'>>(
  'staff_member.set_external_role',
  `update staff_member set role = $3, custom_role_id = $4, custom_role_name = $5, custom_permissions = $6,
     session_epoch = session_epoch + 1
   where root_provider_id = $1 and id = $2 and deactivated_at is null
     and (role, custom_role_id) is distinct from ($3::role, $4::uuid)
   returning session_epoch as "sessionEpoch"`,
);

/**
 * Another role ends their sessions: none that was begun in one role goes on in another.
 * @returns the epoch from then on; null when they have the role already, or may not come in any more
 */
export async function setExternalRole(tx: Tx, member: StaffMember): Promise<number | null> {
  const set = await tx.rowOrNull(setRole, [
    member.rootProviderId,
    member.id,
    member.role,
    member.customRoleId,
    member.customRoleName,
    member.role === null ? member.customPermissions : [],
  ]);
  return set?.sessionEpoch ?? null;
}

const endSessions = statement<never>(
  'staff_member.end_sessions_of_issuer',
  `update staff_member set session_epoch = session_epoch + 1 where root_provider_id = $1 and trusted_issuer_id = $2`,
);

/** Of all that came in by the issuer. */
export async function endSessionsOf(tx: Tx, ref: TrustedIssuerRef): Promise<void> {
  await tx.count(endSessions, [ref.rootProviderId, ref.trustedIssuerId]);
}

const removePeople = statement<never>(
  'staff_member.delete_of_issuer',
  'delete from staff_member where root_provider_id = $1 and trusted_issuer_id = $2',
);

/** All that came in by the issuer, with their sessions. @returns how many they were */
export function deletePeopleOf(tx: Tx, ref: TrustedIssuerRef): Promise<number> {
  return tx.count(removePeople, [ref.rootProviderId, ref.trustedIssuerId]);
}
