import type { AuditAction } from '../audit/audit-event.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { findDirectoryEntry } from '../directory/directory.repository.ts';
import { RateLimitedError } from '../errors.ts';
import { verifyPassword } from '../identity/password.ts';
import { PLATFORM_ROOT_ID, type StaffMemberId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { findStaffMemberWithPassword } from '../staff/staff-member.repository.ts';
import { LONGEST_USERNAME, type StaffMember } from '../staff/staff-member.ts';
import { fold } from '../text.ts';
import type { SignInNames } from './sign-in-limit.ts';
import { stranger } from './stranger.ts';

export interface PasswordAttempt {
  readonly username: string;
  readonly password: Secret;
  readonly now: Date;
  readonly requestId: string;
  readonly ipAddress: string | null;
}

/** Looked up for an unknown name, so that it takes as long as a known one. */
const NOBODY = { rootProviderId: PLATFORM_ROOT_ID, targetId: PLATFORM_ROOT_ID };

/** Whose name it is, null when nobody has it; and whether the password is theirs and opens anything. */
export interface Tried {
  readonly member: StaffMember | null;
  readonly isRight: boolean;
}

/**
 * Whose name and password these are; null for anybody else, which is then written down as one audit row. A wrong name, a
 * wrong password and a deactivated member take the same work.
 * @throws RateLimitedError after too many failures, without a look at the password
 */
export async function provePassword(
  services: Services,
  action: AuditAction,
  attempt: PasswordAttempt,
): Promise<StaffMember | null> {
  const { member, isRight } = await tryPassword(services, action, attempt);
  if (isRight) return member;
  await recordAttempt(services, action, attempt, member, 'AUTHENTICATION_FAILED');
  return null;
}

/** The same, for whoever writes down a failure otherwise. @throws RateLimitedError */
export async function tryPassword(services: Services, action: AuditAction, attempt: PasswordAttempt): Promise<Tried> {
  const names = namesOf(attempt);
  const seen = { member: null as StaffMember | null };
  try {
    const proved = await services.signInLimit.attempt(names, async () => {
      const found = await findByUsername(services, attempt.username);
      seen.member = found;
      const isRight = await verifyPassword(found?.passwordHash ?? null, attempt.password);
      return found !== null && isRight && found.deactivatedAt === null ? found : null;
    });
    return { member: seen.member, isRight: proved !== null };
  } catch (error) {
    if (error instanceof RateLimitedError && (await services.signInLimit.isWorthRecording(names))) {
      const member = await findByUsername(services, attempt.username);
      await recordAttempt(services, action, attempt, member, error.code);
    }
    throw error;
  }
}

/** Under what the limit counts the attempts of people, whatever they sign in to. */
function namesOf({ username, ipAddress }: PasswordAttempt): SignInNames {
  return { login: `person:${fold(username)}`, address: ipAddress };
}

/** Whose name it is, however it is written, with what their password is compared to. Takes the same work for nobody's. */
export async function findByUsername(services: Services, username: string) {
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

/**
 * One audit row, in the trail of the member or, when nobody has the name, of the platform; and in the same transaction
 * what the attempt comes to.
 */
export function recordAttempt<Result>(
  services: Services,
  action: AuditAction,
  { now, requestId, ipAddress }: PasswordAttempt,
  member: StaffMember | null,
  result: string,
  work?: (tx: Tx) => Promise<Result>,
): Promise<Result | null> {
  const actor = member === null ? stranger : actorOf(member);
  const ctx: RequestContext = { ...services, actor, requestId, now, ipAddress };
  const entry = {
    action,
    subject: actor.home,
    target: member?.id ?? null,
    result,
    before: null,
    after: null,
    note: null,
  };
  return services.database.withTransaction(actor.scope, async (tx) => {
    await recordAudit(tx, ctx, entry);
    return work === undefined ? null : work(tx);
  });
}
