import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId, StaffMemberId } from '../ids.ts';
import type { StaffMember } from './staff-member.ts';

const columns = `m.root_provider_id as "rootProviderId", m.id, m.provider_id as "providerId",
  m.provider_path as "providerPath", m.organization_id as "organizationId", m.username,
  m.display_name as "displayName", m.role, m.session_epoch as "sessionEpoch", m.deactivated_at as "deactivatedAt"`;

const findWithPassword = statement<StaffMember & { passwordHash: string }>(
  'staff_member.find_with_password',
  `select ${columns}, m.password_hash as "passwordHash" from staff_member m where m.root_provider_id = $1 and m.id = $2`,
);

export function findStaffMemberWithPassword(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  id: StaffMemberId,
): Promise<(StaffMember & { passwordHash: string }) | null> {
  return tx.rowOrNull(findWithPassword, [rootProviderId, id]);
}

const find = statement<StaffMember>(
  'staff_member.find',
  `select ${columns} from staff_member m where m.root_provider_id = $1 and m.id = $2`,
);

export function findStaffMember(
  tx: Tx,
  rootProviderId: ServiceProviderId,
  id: StaffMemberId,
): Promise<StaffMember | null> {
  return tx.rowOrNull(find, [rootProviderId, id]);
}

const insert = statement<never>(
  'staff_member.insert',
  `insert into staff_member (root_provider_id, id, provider_id, provider_path, organization_id, username, display_name,
     password_hash, role, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

export async function insertStaffMember(tx: Tx, member: StaffMember, passwordHash: string, now: Date): Promise<void> {
  await tx.count(insert, [
    member.rootProviderId,
    member.id,
    member.providerId,
    member.providerPath,
    member.organizationId,
    member.username,
    member.displayName,
    passwordHash,
    member.role,
    now,
  ]);
}
