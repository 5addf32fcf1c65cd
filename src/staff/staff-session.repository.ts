import type { Tx } from '../database/database.ts';
import type { TenantRow } from '../database/scope.ts';
import { statement } from '../database/statement.ts';
import type { ServiceProviderId, StaffMemberId, StaffSessionId } from '../ids.ts';
import { staffMemberColumns } from './staff-member.sql.ts';
import type { StaffMember } from './staff-member.ts';

/** One sign-in, until it expires or they sign out. */
export interface StaffSession extends TenantRow {
  readonly id: StaffSessionId;
  readonly staffMemberId: StaffMemberId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const insert = statement<never>(
  'staff_session.insert',
  `insert into staff_session (root_provider_id, id, staff_member_id, provider_path, organization_id, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);

export async function insertStaffSession(tx: Tx, session: StaffSession): Promise<void> {
  await tx.count(insert, [
    session.rootProviderId,
    session.id,
    session.staffMemberId,
    session.providerPath,
    session.organizationId,
    session.createdAt,
    session.expiresAt,
  ]);
}

const touch = statement<never>(
  'staff_session.write_last_login',
  'update staff_member set last_login_at = $3 where root_provider_id = $1 and id = $2',
);

export async function writeLastLogin(tx: Tx, { rootProviderId, id }: StaffMember, now: Date): Promise<void> {
  await tx.count(touch, [rootProviderId, id, now]);
}

const findMember = statement<StaffMember>(
  'staff_session.find_member',
  `select ${staffMemberColumns} from staff_session s
   join staff_member m on m.root_provider_id = s.root_provider_id and m.id = s.staff_member_id
   where s.root_provider_id = $1 and s.id = $2 and s.staff_member_id = $3 and s.expires_at > $4`,
);

/** Whose session it is, while it lasts. */
export function findMemberOfSession(
  tx: Tx,
  session: { rootProviderId: ServiceProviderId; id: StaffSessionId; staffMemberId: StaffMemberId },
  now: Date,
): Promise<StaffMember | null> {
  return tx.rowOrNull(findMember, [session.rootProviderId, session.id, session.staffMemberId, now]);
}

const remove = statement<never>(
  'staff_session.delete',
  'delete from staff_session where root_provider_id = $1 and id = $2 and staff_member_id = $3',
);

/** @returns false when it was gone before */
export async function deleteStaffSession(
  tx: Tx,
  session: { rootProviderId: ServiceProviderId; id: StaffSessionId; staffMemberId: StaffMemberId },
): Promise<boolean> {
  return (await tx.count(remove, [session.rootProviderId, session.id, session.staffMemberId])) === 1;
}

const removeExpired = statement<never>(
  'staff_session.delete_expired',
  'delete from staff_session where expires_at <= $1',
);

export async function deleteExpiredStaffSessions(tx: Tx, now: Date): Promise<void> {
  await tx.count(removeExpired, [now]);
}
