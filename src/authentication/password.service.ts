import { runCommand } from '../command/run-command.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { DomainError, validationFailed } from '../errors.ts';
import { digestPassword, hashPassword } from '../identity/password.ts';
import { parsePassword } from '../identity/password-policy.ts';
import type { StaffMemberId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { recordStaffChange, writeAndEndSessions } from '../staff/run-staff-command.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { findStaffMember } from '../staff/staff-member.repository.ts';
import type { StaffMember } from '../staff/staff-member.ts';
import { lockStaffMember, setPasswordHash } from '../staff/staff-member-change.repository.ts';
import { type PasswordAttempt, provePassword, recordAttempt, tryPassword } from './prove-password.ts';

const ACTION = 'staff_member.change_password';

/**
 * Somebody changes their own password without being signed in, as they must when somebody else gave it to them. A new one
 * that is none is told before anybody is looked for: nothing was tried then, nobody is known, and no trail has a row of it.
 * @returns false when name and password are nobody's
 * @throws DomainError `VALIDATION_FAILED` of the new password, whoever asks
 * @throws RateLimitedError after too many failures
 */
export async function replacePassword(
  services: Services,
  attempt: PasswordAttempt & { readonly newPassword: Secret },
): Promise<boolean> {
  const { username, password, newPassword, now, requestId, ipAddress } = attempt;
  const parsed = parseNewPassword(newPassword, password, username);
  const proved = await provePassword(services, ACTION, attempt);
  if (proved === null) return false;
  const passwordHash = await hashPassword(parsed);
  const actor = actorOf(proved);
  const ctx = { ...services, actor, requestId, now, ipAddress };
  const isChanged = await services.database.withTransaction(actor.scope, async (tx) => {
    const member = await lockStaffMember(tx, proved.rootProviderId, proved.id);
    // Whoever changed it meanwhile, it is not this password that would be replaced.
    if (member === null || member.sessionEpoch !== proved.sessionEpoch) return false;
    await writePassword(tx, ctx, member, passwordHash);
    return true;
  });
  if (!isChanged) await recordAttempt(services, ACTION, attempt, proved, 'AUTHENTICATION_FAILED');
  return isChanged;
}

export interface ChangePassword {
  readonly currentPassword: Secret;
  readonly newPassword: Secret;
  readonly idempotencyKey: string | null;
}

/**
 * Somebody who is signed in changes their own password. It ends their sessions, this one too.
 * @throws DomainError `FORBIDDEN` of whoever has no password here, `VALIDATION_FAILED`, `RATE_LIMITED`, `IDEMPOTENCY_KEY_REUSED`
 */
export async function changePassword(ctx: RequestContext, input: ChangePassword): Promise<StaffMemberId> {
  const { currentPassword, newPassword, idempotencyKey } = input;
  const self = await findOneself(ctx);
  const { now, requestId, ipAddress } = ctx;
  const attempt = { username: self?.username ?? '', password: currentPassword, now, requestId, ipAddress };
  const tried = self?.trustedIssuerId === null ? await tryPassword(ctx, ACTION, attempt) : null;
  const given = {
    currentPassword: idempotencyKey === null ? null : await digestPassword(currentPassword, idempotencyKey),
    newPassword: idempotencyKey === null ? null : await digestPassword(newPassword, idempotencyKey),
  };
  const locate = async () => self;
  const command = { action: ACTION, input: given, idempotencyKey, target: ctx.actor.id, locate } as const;
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const member = self === null ? null : await lockStaffMember(tx, self.rootProviderId, self.id);
    if (member === null || member.trustedIssuerId !== null) {
      throw new DomainError('FORBIDDEN', 'Only people who sign in here by themselves have a password to change.');
    }
    const isStillRight = tried?.member?.id === member.id && tried.member.sessionEpoch === member.sessionEpoch;
    if (!tried?.isRight || !isStillRight) {
      throw validationFailed('currentPassword', 'This is not your password. Type it again.');
    }
    const parsed = parseNewPassword(newPassword, currentPassword, member.username);
    await writePassword(tx, ctx, member, await hashPassword(parsed));
    return member.id;
  });
  return answer;
}

/** Null for a program, and for whoever acts for another provider. */
async function findOneself({ database, actor }: RequestContext): Promise<StaffMember | null> {
  if (actor.id === null || actor.onBehalfOf !== null) return null;
  const id = actor.id as StaffMemberId; // a service account's names nobody
  return database.read(actor.scope, (tx) => findStaffMember(tx, actor.home.rootProviderId, id));
}

function parseNewPassword(newPassword: Secret, currentPassword: Secret, username: string): Secret {
  const parsed = parsePassword('newPassword', newPassword, { username });
  if (parsed.expose() !== currentPassword.expose()) return parsed;
  throw validationFailed('newPassword', 'Choose a password that is not the current one.');
}

async function writePassword(tx: Tx, ctx: RequestContext, member: StaffMember, passwordHash: string): Promise<void> {
  await setPasswordHash(tx, member, passwordHash);
  const after = await writeAndEndSessions(tx, member, { ...member, passwordMustChange: false });
  await recordStaffChange(tx, ctx, ACTION, member, after);
}
