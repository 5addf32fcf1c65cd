import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { isUniqueViolation } from '../database/transaction.ts';
import { directoryKeyIndex, insertDirectoryEntry } from '../directory/directory.repository.ts';
import { PLATFORM_HOME, SYSTEM_ACTOR } from '../identity/actor.ts';
import { generatePassword, hashPassword } from '../identity/password.ts';
import { newId, PLATFORM_ROOT_ID } from '../ids.ts';
import type { Secret } from '../secrets/secret.ts';
import { SetupError } from '../setup-error.ts';
import { fold, parseLine } from '../text.ts';
import { insertStaffMember } from './staff-member.repository.ts';
import { LONGEST_USERNAME, newStaffMember } from './staff-member.ts';

/** The first to sign in to a new installation. @returns the password, kept nowhere else @throws SetupError when the name is taken */
export async function createPlatformAdmin(services: Services, username: string, now: Date): Promise<Secret> {
  const name = parseLine('username', username, LONGEST_USERNAME);
  const password = generatePassword();
  const passwordHash = await hashPassword(password);
  const ctx: RequestContext = { ...services, actor: SYSTEM_ACTOR, requestId: newId<'Run'>(), now, ipAddress: null };
  const place = { ...PLATFORM_HOME, providerId: null };
  const member = newStaffMember({ place, username: name, displayName: name, role: 'PLATFORM_ADMIN', createdAt: now });
  try {
    await services.database.withTransaction(PLATFORM_SCOPE, async (tx) => {
      await insertDirectoryEntry(tx, 'LOGIN_NAME', fold(name), {
        rootProviderId: PLATFORM_ROOT_ID,
        targetId: member.id,
      });
      await insertStaffMember(tx, member, passwordHash);
      await recordAudit(tx, ctx, {
        action: 'staff_member.create',
        subject: PLATFORM_HOME,
        target: member.id,
        result: 'OK',
        before: null,
        after: { username: name, role: member.role },
        note: null,
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error, directoryKeyIndex)) throw error;
    throw new SetupError(`Somebody signs in as ${name} already: choose another name.`);
  }
  return password;
}
