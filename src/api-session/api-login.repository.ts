import type { Tx } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { StaffMember } from '../staff/staff-member.ts';

const insert = statement<never>(
  'api_login.insert',
  `insert into api_login (root_provider_id, organization_id, timestamp_ms, provider_path, at)
   values ($1, $2, $3, $4, $5) on conflict do nothing`,
);

/** @returns false when the organization has logged in with this timestamp before. Waits for whoever is about to. */
export async function acceptTimestamp(tx: Tx, member: StaffMember, timestampMs: number, now: Date): Promise<boolean> {
  const { rootProviderId, organizationId, providerPath } = member;
  return (await tx.count(insert, [rootProviderId, organizationId, timestampMs, providerPath, now])) === 1;
}

const admit = statement<never>(
  'api_login.admit',
  `update staff_member set last_login_at = $4
   where root_provider_id = $1 and id = $2 and session_epoch = $3 and deactivated_at is null`,
);

/** @returns false when the admin was changed or removed since. From then on nobody can, until the end of the transaction. */
export async function admitMember(tx: Tx, member: StaffMember, now: Date): Promise<boolean> {
  return (await tx.count(admit, [member.rootProviderId, member.id, member.sessionEpoch, now])) === 1;
}

const removeOld = statement<never>('api_login.delete_old', 'delete from api_login where at <= $1');

/** Needs the scope of the platform. @param before whatever was accepted until then is too old to be accepted again */
export async function deleteOldApiLogins(tx: Tx, before: Date): Promise<void> {
  await tx.count(removeOld, [before]);
}
