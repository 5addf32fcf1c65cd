import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { findDirectoryEntry } from '../directory/directory.repository.ts';
import { PLATFORM_ROOT_ID, type StaffMemberId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { fold } from '../text.ts';
import { PLATFORM_HOME } from './actor.ts';
import { verifyPassword } from './password.ts';
import { actorOf } from './staff-actor.ts';
import { findStaffMemberWithPassword } from './staff-member.repository.ts';
import type { StaffMember } from './staff-member.ts';

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
 * The staff member whose name and password these are; null for anybody else. A wrong name, a wrong password and a
 * deactivated member take the same work, and each attempt is one audit row.
 */
export async function logIn(services: Services, attempt: LoginAttempt): Promise<StaffMember | null> {
  const member = await findByUsername(services, attempt.username);
  const isRight = await verifyPassword(member?.passwordHash ?? null, attempt.password);
  const isIn = member !== null && isRight && member.deactivatedAt === null;
  await recordLogin(services, attempt, member, isIn);
  return isIn ? member : null;
}

async function findByUsername(services: Services, username: string) {
  const key = fold(username);
  if (key.length > LONGEST_USERNAME || key.includes('\0')) return null;
  const { database } = services;
  const entry = await database.read({ level: 'DIRECTORY', key }, (tx) => findDirectoryEntry(tx, 'LOGIN_NAME', key));
  const { rootProviderId, targetId } = entry ?? NOBODY;
  const staffMemberId = targetId as StaffMemberId; // a login name's target is a staff member
  return database.read({ level: 'SELF', rootProviderId, staffMemberId }, (tx) =>
    findStaffMemberWithPassword(tx, rootProviderId, staffMemberId),
  );
}

async function recordLogin(
  services: Services,
  attempt: LoginAttempt,
  member: StaffMember | null,
  isIn: boolean,
): Promise<void> {
  const { now, requestId, ipAddress } = attempt;
  const actor = member === null ? strangerActor : actorOf(member);
  const ctx: RequestContext = { ...services, actor, requestId, now, ipAddress };
  await services.database.withTransaction(actor.scope, (tx) =>
    recordAudit(tx, ctx, {
      action: 'auth.login',
      subject: actor.home,
      target: member?.id ?? null,
      result: isIn ? 'OK' : 'AUTHENTICATION_FAILED',
      before: null,
      after: null,
      note: null,
    }),
  );
}

/** Somebody who gave a name that nobody has: it may be a mistyped password, so it is not written down. */
const strangerActor = {
  id: null,
  displayName: 'Unknown',
  role: null,
  permissions: new Set<never>(),
  scope: { level: 'PLATFORM' as const },
  home: PLATFORM_HOME,
};
