import type { Tx } from '../database/database.ts';
import { newId } from '../ids.ts';
import type { StaffMember } from '../staff/staff-member.ts';
import { insertStaffSession, writeLastLogin } from '../staff/staff-session.repository.ts';
import type { AccessTokenClaims } from './access-token.ts';

/** Somebody has proved who they are: what their token is to say. Needs the scope of the member. */
export async function beginSession(
  tx: Tx,
  member: StaffMember,
  now: Date,
  lifetimeSeconds: number,
): Promise<AccessTokenClaims> {
  const { rootProviderId, providerPath, organizationId, id: staffMemberId, sessionEpoch } = member;
  const sessionId = newId<'StaffSession'>();
  const expiresAt = new Date(now.getTime() + lifetimeSeconds * 1000);
  const place = { rootProviderId, providerPath, organizationId };
  await insertStaffSession(tx, { ...place, id: sessionId, staffMemberId, createdAt: now, expiresAt });
  await writeLastLogin(tx, member, now);
  return { kind: 'STAFF_MEMBER', rootProviderId, staffMemberId, sessionId, sessionEpoch };
}
