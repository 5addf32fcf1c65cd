import type { RequestContext } from '../context.ts';
import { deleteDirectoryEntry } from '../directory/directory.repository.ts';
import { DomainError } from '../errors.ts';
import type { StaffMemberId } from '../ids.ts';
import { fold, parseLine } from '../text.ts';
import { findRoleToGrant, type NamedRole } from './find-role.ts';
import {
  keepOnePlatformAdmin,
  requirePasswordHere,
  runStaffCommand,
  type StaffCommandInput,
  writeAndEndSessions,
} from './run-staff-command.ts';
import { LONGEST_DISPLAY_NAME, type StaffRole } from './staff-member.ts';
import { deleteStaffMember, updateStaffMemberRow } from './staff-member-change.repository.ts';

// Every one may be refused with NOT_FOUND, FORBIDDEN and IDEMPOTENCY_KEY_REUSED.

export interface UpdateStaffMember extends StaffCommandInput, NamedRole {
  /** Null: stays. So does the role when neither kind is given. */
  readonly displayName: string | null;
}

/** A new role ends their sessions; a new name does not. @throws DomainError `VALIDATION_FAILED` */
export async function updateStaffMember(ctx: RequestContext, input: UpdateStaffMember): Promise<StaffMemberId> {
  const { displayName, role, customRole } = input;
  const isRoleNamed = role !== null || customRole !== null;
  const command = {
    action: 'staff_member.update' as const,
    given: { displayName, role, customRole },
    oneself: isRoleNamed ? 'REFUSED' : 'LIKE_OTHERS',
  } as const;
  const { answer } = await runStaffCommand(ctx, input, command, async (tx, member) => {
    const name =
      displayName === null ? member.displayName : parseLine('displayName', displayName, LONGEST_DISPLAY_NAME);
    const renamed = { ...member, displayName: name };
    if (isRoleNamed)
      requirePasswordHere(member, role === null ? 'customRoleId' : 'role', 'Their role comes from there.');
    const next = isRoleNamed ? await findRoleToGrant(ctx, tx, input, member) : null;
    if (next === null || isSameRole(member, next)) {
      await updateStaffMemberRow(tx, member, renamed);
      return renamed;
    }
    await keepOnePlatformAdmin(tx, member);
    return writeAndEndSessions(tx, member, { ...renamed, ...next });
  });
  return answer;
}

function isSameRole(one: StaffRole, other: StaffRole): boolean {
  return one.role === other.role && one.customRoleId === other.customRoleId;
}

/** It ends their sessions. @throws DomainError `ALREADY_DISABLED` */
export async function deactivateStaffMember(ctx: RequestContext, input: StaffCommandInput): Promise<StaffMemberId> {
  const command = { action: 'staff_member.deactivate', given: {}, oneself: 'REFUSED' } as const;
  const { answer } = await runStaffCommand(ctx, input, command, async (tx, member) => {
    if (member.deactivatedAt !== null) {
      throw new DomainError('ALREADY_DISABLED', 'This person is deactivated already. There is nothing to do.');
    }
    await keepOnePlatformAdmin(tx, member);
    return writeAndEndSessions(tx, member, { ...member, deactivatedAt: ctx.now });
  });
  return answer;
}

/** They may sign in again, with the password that they had. @throws DomainError `NOT_DISABLED` */
export async function reactivateStaffMember(ctx: RequestContext, input: StaffCommandInput): Promise<StaffMemberId> {
  const command = { action: 'staff_member.reactivate', given: {}, oneself: 'REFUSED' } as const;
  const { answer } = await runStaffCommand(ctx, input, command, async (tx, member) => {
    if (member.deactivatedAt === null) {
      throw new DomainError('NOT_DISABLED', 'This person is active already. There is nothing to do.');
    }
    return writeAndEndSessions(tx, member, { ...member, deactivatedAt: null });
  });
  return answer;
}

/** They are gone, and the user name is free again; the audit trail keeps what they did, by name. */
export async function removeStaffMember(ctx: RequestContext, input: StaffCommandInput): Promise<StaffMemberId> {
  const command = { action: 'staff_member.remove', given: {}, oneself: 'REFUSED' } as const;
  const { answer } = await runStaffCommand(ctx, input, command, async (tx, member) => {
    await keepOnePlatformAdmin(tx, member);
    await deleteStaffMember(tx, member);
    const key = fold(member.username);
    const entry = { rootProviderId: member.rootProviderId, targetId: member.id };
    await tx.within({ level: 'DIRECTORY', key }, (directory) =>
      deleteDirectoryEntry(directory, 'LOGIN_NAME', key, entry),
    );
    return null;
  });
  return answer;
}

/** They must sign in again, wherever they are signed in. Everybody may do it to themselves. */
export async function endStaffSessions(ctx: RequestContext, input: StaffCommandInput): Promise<StaffMemberId> {
  const command = { action: 'staff_member.end_sessions', given: {}, oneself: 'FREE' } as const;
  const { answer } = await runStaffCommand(ctx, input, command, (tx, member) =>
    writeAndEndSessions(tx, member, member),
  );
  return answer;
}
