import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { findDirectoryEntry } from '../directory/directory.repository.ts';
import { type Actor, PLATFORM_HOME } from '../identity/actor.ts';
import { verifyPassword } from '../identity/password.ts';
import { PLATFORM_ROOT_ID, type StaffMemberId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { findStaffMemberWithPassword } from '../staff/staff-member.repository.ts';
import type { StaffMember } from '../staff/staff-member.ts';
import { fold } from '../text.ts';
import type { AccessTokenClaims } from './access-token.ts';
import { beginSession } from './begin-session.ts';

export interface LoginAttempt {
  readonly username: string;
  readonly password: Secret;
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
}

const LONGEST_USERNAME = 200;
/** Looked up for an unknown name, so that it takes as long as a known one. */
const NOBODY = { rootProviderId: PLATFORM_ROOT_ID, targetId: PLATFORM_ROOT_ID };

/**
 * A new session of the staff member whose name and password these are; null for anybody else. A wrong name, a wrong
 * password and a deactivated member take the same work, and each attempt is one audit row.
 */
export async function logIn(
  services: Services,
  attempt: LoginAttempt,
  lifetimeSeconds: number,
): Promise<AccessTokenClaims | null> {
  const member = await findByUsername(services, attempt.username);
  const isRight = await verifyPassword(member?.passwordHash ?? null, attempt.password);
  const isIn = member !== null && isRight && member.deactivatedAt === null;
  return recordLogin(services, attempt, member, isIn ? lifetimeSeconds : null);
}

async function findByUsername(services: Services, username: string) {
  const key = fold(username);
  if (key.length > LONGEST_USERNAME || key.includes('\0')) return null;
  const { database } = services;
  const entry = await database.read({ level: 'DIRECTORY', key }, (tx) => findDirectoryEntry(tx, 'LOGIN_NAME', key));
  const { rootProviderId, targetId } = entry ?? NOBODY;
  const staffMemberId = targetId as StaffMemberId; // a login name's target is a staff member
  return database.read({ level: 'SIGN_IN', rootProviderId, signInId: staffMemberId }, (tx) =>
    findStaffMemberWithPassword(tx, rootProviderId, staffMemberId),
  );
}

/** @param lifetimeSeconds of the session that begins; null: none does */
async function recordLogin(
  services: Services,
  attempt: LoginAttempt,
  member: StaffMember | null,
  lifetimeSeconds: number | null,
): Promise<AccessTokenClaims | null> {
  const { now, requestId, ipAddress } = attempt;
  const actor = member === null ? stranger : actorOf(member);
  const ctx: RequestContext = { ...services, actor, requestId, now, ipAddress };
  return services.database.withTransaction(actor.scope, async (tx) => {
    await recordAudit(tx, ctx, {
      action: 'auth.login',
      subject: actor.home,
      target: member?.id ?? null,
      result: lifetimeSeconds === null ? 'AUTHENTICATION_FAILED' : 'OK',
      before: null,
      after: null,
      note: null,
    });
    return member === null || lifetimeSeconds === null ? null : beginSession(tx, member, now, lifetimeSeconds);
  });
}

/** Somebody who gave a name that nobody has: it may be a mistyped password, so it is not written down. */
const stranger: Actor = {
  id: null,
  displayName: 'Unknown',
  role: null,
  authority: 'ORGANIZATION',
  permissions: new Set(),
  scope: { level: 'PLATFORM' },
  home: PLATFORM_HOME,
  onBehalfOf: null,
};
