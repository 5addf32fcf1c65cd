import type { RequestContext } from '../context.ts';
import { digestPassword, generatePassword, hashPassword } from '../identity/password.ts';
import { parsePassword } from '../identity/password-policy.ts';
import type { Secret } from '../secrets/secret.ts';
import type { PasswordOutcome } from './create-staff-member.service.ts';
import {
  requirePasswordHere,
  runStaffCommand,
  type StaffCommandInput,
  writeAndEndSessions,
} from './run-staff-command.ts';
import { setPasswordHash } from './staff-member-change.repository.ts';

export interface ResetStaffPassword extends StaffCommandInput {
  /** Null: one is generated. */
  readonly password: Secret | null;
}

/**
 * A new password that its owner must change before anything else. It ends their sessions.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `IDEMPOTENCY_KEY_REUSED`
 */
export async function resetStaffPassword(ctx: RequestContext, input: ResetStaffPassword): Promise<PasswordOutcome> {
  const { idempotencyKey } = input;
  const digest = idempotencyKey === null ? null : await digestPassword(input.password, idempotencyKey);
  const command = { action: 'staff_member.reset_password', given: { password: digest }, oneself: 'REFUSED' } as const;
  let generated: Secret | null = null;
  const { answer, replayed } = await runStaffCommand(ctx, input, command, async (tx, member) => {
    requirePasswordHere(member, 'staffMemberId', 'Their password is there.');
    generated = input.password === null ? generatePassword() : null;
    const password = parsePassword('password', input.password ?? generated ?? generatePassword(), member);
    await setPasswordHash(tx, member, await hashPassword(password));
    return writeAndEndSessions(tx, member, { ...member, passwordMustChange: true });
  });
  return { staffMemberId: answer, password: replayed ? null : generated };
}
