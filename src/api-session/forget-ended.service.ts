import type { Services } from '../context.ts';
import { PLATFORM_SCOPE } from '../database/scope.ts';
import { deleteOldApiLogins } from './api-login.repository.ts';
import { deleteIdleApiSessions } from './api-session.repository.ts';
import { idleSince } from './api-session.ts';

/** For clocks that do not agree. */
const MARGIN_MS = 60_000;

/**
 * Deletes sessions that nobody has used for too long, whatever else they died of, and the times of logins that are too
 * old to be shown again.
 */
export async function forgetEndedApiSessions({ database, apiSessionSettings }: Services, now: Date): Promise<void> {
  const { idleTimeoutMs, clockSkewMs } = apiSessionSettings;
  await database.withTransaction(PLATFORM_SCOPE, async (tx) => {
    await deleteIdleApiSessions(tx, idleSince(now, idleTimeoutMs));
    await deleteOldApiLogins(tx, new Date(now.getTime() - 2 * clockSkewMs - MARGIN_MS));
  });
}
