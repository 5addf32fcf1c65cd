import { recordAudit } from '../audit/record-audit.ts';
import type { Services } from '../context.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { deleteStaffSession, findMemberOfSession } from '../staff/staff-session.repository.ts';
import { claimsToBeOurs, verifyAccessToken } from './access-token.ts';

export interface LogOut {
  readonly token: string;
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
}

/** Ends the session that the token stands for, and with it every token of it; nothing when there is none any more. */
export async function logOut(services: Services, { token, now, requestId, ipAddress }: LogOut): Promise<void> {
  const claims = claimsToBeOurs(token) ? await verifyAccessToken(services.signingKeys, token, now) : null;
  if (claims?.kind !== 'STAFF_MEMBER') return;
  const { rootProviderId, sessionId: id, staffMemberId } = claims;
  const session = { rootProviderId, id, staffMemberId };
  const { database } = services;
  const member = await database.read({ level: 'SIGN_IN', rootProviderId, signInId: staffMemberId }, (tx) =>
    findMemberOfSession(tx, session, now),
  );
  if (member === null || member.sessionEpoch !== claims.sessionEpoch) return;
  const actor = actorOf(member);
  await database.withTransaction(actor.scope, async (tx) => {
    if (!(await deleteStaffSession(tx, session))) return;
    const entry = { action: 'auth.logout', subject: actor.home, target: member.id, result: 'OK' } as const;
    const ctx = { ...services, actor, requestId, now, ipAddress };
    await recordAudit(tx, ctx, { ...entry, before: null, after: null, note: null });
  });
}
