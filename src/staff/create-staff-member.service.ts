import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { directoryKeyIndex, insertDirectoryEntry } from '../directory/directory.repository.ts';
import { DomainError } from '../errors.ts';
import { digestPassword, generatePassword, hashPassword } from '../identity/password.ts';
import { parsePassword } from '../identity/password-policy.ts';
import type { StaffMemberId } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { fold, parseLine } from '../text.ts';
import { findPlaceToManage, lookUpPlace, type NamedPlace, targetOf } from './find-place.ts';
import { findRoleToGrant, type NamedRole } from './find-role.ts';
import { staffState } from './run-staff-command.ts';
import { insertStaffMember } from './staff-member.repository.ts';
import { LONGEST_DISPLAY_NAME, LONGEST_USERNAME, newStaffMemberWith, type StaffMember } from './staff-member.ts';

export interface CreateStaffMember extends NamedPlace, NamedRole {
  readonly username: string;
  readonly displayName: string;
  /** Null: one is generated. */
  readonly password: Secret | null;
  readonly idempotencyKey: string | null;
}

export interface PasswordOutcome {
  readonly staffMemberId: StaffMemberId;
  /** A generated one, told this once. */
  readonly password: Secret | null;
}

/**
 * Somebody new, who must change the password before anything else.
 * @throws DomainError `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED`, `DUPLICATE_NAME`
 */
export async function createStaffMember(ctx: RequestContext, input: CreateStaffMember): Promise<PasswordOutcome> {
  const { idempotencyKey } = input;
  const password = idempotencyKey === null ? null : await digestPassword(input.password, idempotencyKey);
  const command = {
    action: 'staff_member.create' as const,
    input: { ...input, password },
    idempotencyKey,
    target: targetOf(input),
    locate: (tx: Tx) => lookUpPlace(tx, input),
  };
  let generated: Secret | null = null;
  const { answer, replayed } = await runCommand(ctx, command, async (tx) => {
    const member = await newMember(ctx, tx, input);
    generated = input.password === null ? generatePassword() : null;
    const given = input.password ?? generated ?? generatePassword();
    const passwordHash = await hashPassword(parsePassword('password', given, member));
    await insertUniquely(tx, member, passwordHash);
    const { rootProviderId, providerPath, organizationId } = member;
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: { rootProviderId, providerPath, organizationId },
      target: member.id,
      result: 'OK',
      before: null,
      after: staffState(member),
      note: null,
    });
    return member.id;
  });
  return { staffMemberId: answer, password: replayed ? null : generated };
}

async function newMember(ctx: RequestContext, tx: Tx, input: CreateStaffMember): Promise<StaffMember> {
  const place = await findPlaceToManage(ctx, tx, input);
  const username = parseLine('username', input.username, LONGEST_USERNAME);
  const displayName = parseLine('displayName', input.displayName, LONGEST_DISPLAY_NAME);
  const role = await findRoleToGrant(ctx, tx, input, place);
  const member = newStaffMemberWith(role, { place, username, displayName, createdAt: ctx.now });
  return { ...member, passwordMustChange: true };
}

/** User names are unique over all tenants: people sign in with nothing else. */
async function insertUniquely(tx: Tx, member: StaffMember, passwordHash: string): Promise<void> {
  try {
    const entry = { rootProviderId: member.rootProviderId, targetId: member.id };
    await insertDirectoryEntry(tx, 'LOGIN_NAME', fold(member.username), entry);
    await insertStaffMember(tx, member, passwordHash);
  } catch (error) {
    if (!isUniqueViolation(error, directoryKeyIndex)) throw error;
    throw new DomainError('DUPLICATE_NAME', 'Somebody signs in with this user name already. Choose another one.', [
      'username',
    ]);
  }
}
