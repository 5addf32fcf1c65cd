import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { deleteExpiredStaffSessions } from '../staff/staff-session.repository.ts';

/** Deletes sessions and counters of sign-ins that mean nothing any more. */
export async function forgetExpired({ database, signInLimit }: Services, now: Date): Promise<void> {
  await signInLimit.forgetExpired(now);
  await database.withTransaction(PLATFORM_SCOPE, (tx) => deleteExpiredStaffSessions(tx, now));
}
