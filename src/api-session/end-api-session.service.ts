import { recordAudit } from '../audit/record-audit.ts';
import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import type { Tx } from '../database/database.ts';
import { authorize } from '../identity/authorize.ts';
import type { ApiSessionRef, OrganizationRef } from '../ids.ts';
import { findOrganization } from '../organization/organization.repository.ts';
import { deleteApiSession, findApiSession } from './api-session.repository.ts';
import { livingAt } from './api-session.ts';
import { deleteApiSessionsOf, lockLivingApiSessions } from './api-session-list.repository.ts';

/** What came of it: whose sessions they were, and how many of them lived. */
export interface EndedApiSessions {
  readonly organization: OrganizationRef;
  readonly endedCount: number;
}

export interface EndApiSession {
  /** Null: an id that names nothing. */
  readonly apiSession: ApiSessionRef | null;
  readonly idempotencyKey: string | null;
}

/** It ends on every node before this returns. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export async function endApiSession(ctx: RequestContext, input: EndApiSession): Promise<EndedApiSessions> {
  const { apiSession, idempotencyKey } = input;
  const find = async (tx: Tx) => (apiSession === null ? null : findApiSession(tx, apiSession));
  const command = {
    action: 'api_session.end' as const,
    input: { apiSession },
    idempotencyKey,
    target: apiSession?.apiSessionId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const session = authorize(ctx.actor, 'apiKey:manage', await find(tx), 'apiSessionId');
    const isEnded = await deleteApiSession(tx, session);
    const { apiSessionId: sessionId, username, rootProviderId, organizationId } = session;
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: session,
      target: sessionId,
      result: 'OK',
      before: { sessionId, username },
      after: null,
      note: null,
    });
    return { organization: { rootProviderId, organizationId }, endedCount: isEnded ? 1 : 0 };
  });
  return answer;
}

export interface EndApiSessions {
  /** Null: an id that names nothing. */
  readonly organization: OrganizationRef | null;
  readonly idempotencyKey: string | null;
}

/** All of the organization's end on every node before this returns. @throws DomainError `NOT_FOUND`, `FORBIDDEN` */
export async function endApiSessions(ctx: RequestContext, input: EndApiSessions): Promise<EndedApiSessions> {
  const { organization: ref, idempotencyKey } = input;
  const find = async (tx: Tx) => (ref === null ? null : findOrganization(tx, ref));
  const command = {
    action: 'api_session.end_all' as const,
    input: { organization: ref },
    idempotencyKey,
    target: ref?.organizationId ?? null,
    locate: find,
  };
  const { answer } = await runCommand(ctx, command, async (tx) => {
    const organization = authorize(ctx.actor, 'apiKey:manage', await find(tx), 'organizationId');
    const at = livingAt(ctx.now, ctx.apiSessionSettings.idleTimeoutMs);
    const living = await lockLivingApiSessions(tx, organization, at);
    await deleteApiSessionsOf(tx, organization);
    const { rootProviderId, organizationId } = organization;
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: organization,
      target: organizationId,
      result: 'OK',
      before: { sessionIds: living.map(({ apiSessionId }) => apiSessionId) },
      after: null,
      note: null,
    });
    return { organization: { rootProviderId, organizationId }, endedCount: living.length };
  });
  return answer;
}
