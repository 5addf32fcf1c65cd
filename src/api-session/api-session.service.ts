import { recordAudit } from '../audit/record-audit.ts';
import type { RequestContext, Services } from '../context.ts';
import type { Scope } from '../database/scope.ts';
import { actorOf } from '../staff/staff-actor.ts';
import { findStaffMember } from '../staff/staff-member.repository.ts';
import { deleteApiSession, findApiSessions, writeUses } from './api-session.repository.ts';
import { type ApiSessionState, isAlive, isUseDue } from './api-session.ts';
import { sessionNotValid } from './api-session-error.ts';
import { type ApiSessionPlace, isSameSecret, type PresentedSession } from './api-session-id.ts';
import type { ApiRateLimits } from './rate-limits.ts';

/** The session that was shown, while it lives; null when it does not, or is somebody's guess. As of a moment after the call. */
async function findLiveSession(
  services: Services,
  shown: PresentedSession,
  now: Date,
): Promise<ApiSessionState | null> {
  const [found] = await services.database.read(scopeOf(shown), (tx) => findApiSessions(tx, [shown]));
  if (found === undefined || !isSameSecret(found.secretHash, shown.secretHash)) return null;
  return isAlive(found, now, services.apiSessionSettings.idleTimeoutMs) ? found : null;
}

/** Of the one organization whose session it says to be. */
function scopeOf({ rootProviderId, organizationId }: ApiSessionPlace): Scope {
  return { level: 'ORGANIZATION', rootProviderId, providerId: rootProviderId, organizationIds: [organizationId] };
}

/**
 * Looks whether a session lives, which is a use of it.
 * @param shown null: none that could be one
 * @param address of whoever asks
 * @throws ApiSessionError `SESSION_NOT_VALID`
 * @throws RateLimitedError
 */
export async function useApiSession(
  services: Services,
  limits: ApiRateLimits,
  shown: PresentedSession | null,
  { now, address }: { readonly now: Date; readonly address: string },
): Promise<ApiSessionState> {
  const session = shown === null ? null : await findLiveSession(services, shown, now);
  await limits.takeLook(session?.apiSessionId ?? address);
  if (session === null) throw sessionNotValid();
  if (isUseDue(session, now)) {
    await services.database.withTransaction(scopeOf(session), (tx) => writeUses(tx, [{ ...session, at: now }]));
  }
  return session;
}

/** Ends a session at its client's wish; nothing when it has ended before. */
export async function closeApiSession(
  services: Services,
  shown: PresentedSession,
  request: Pick<RequestContext, 'now' | 'requestId' | 'ipAddress'>,
): Promise<void> {
  const session = await findLiveSession(services, shown, request.now);
  if (session === null) return;
  const { rootProviderId, staffMemberId } = session;
  await services.database.withTransaction(scopeOf(session), async (tx) => {
    const member = await findStaffMember(tx, rootProviderId, staffMemberId);
    if (member === null || !(await deleteApiSession(tx, session))) return;
    const ctx: RequestContext = { ...services, ...request, actor: actorOf(member) };
    await recordAudit(tx, ctx, {
      action: 'api_session.close',
      subject: session,
      target: session.organizationId,
      result: 'OK',
      before: { sessionId: session.apiSessionId },
      after: null,
      note: null,
    });
  });
}
