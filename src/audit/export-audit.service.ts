import { runCommand } from '../command/run-command.ts';
import type { RequestContext } from '../context.ts';
import { requirePermission } from '../identity/authorize.ts';
import { stillAllowed } from '../identity/still-allowed.ts';
import { type AuditEvent, type AuditEventFilter, listAuditEventsAfter, positionOf } from './list-audit-events.ts';
import { recordAudit } from './record-audit.ts';

const PAGE = 1000;

export interface AuditExport {
  readonly filter: AuditEventFilter;
  readonly format: string;
  /** Asked again while the export goes on. @throws Error when the caller may not go on */
  authenticate(): Promise<RequestContext>;
}

/**
 * The events that the caller sees and asks for, up to now, the oldest first, in pages: the next is read when it is asked
 * for, so that it takes no more memory than one of them, and no connection while a client is slow. The export is itself
 * an event, written before this answers. It breaks off when the caller is signed out or loses the permission meanwhile.
 * @throws DomainError `FORBIDDEN`
 */
export async function exportAuditEvents(
  ctx: RequestContext,
  asked: AuditExport,
): Promise<AsyncGenerator<readonly AuditEvent[], void, undefined>> {
  const { home } = ctx.actor;
  const command = { action: 'audit.export', input: {}, idempotencyKey: null, target: null } as const;
  await runCommand(ctx, { ...command, locate: async () => home }, async (tx) => {
    requirePermission(ctx.actor, 'audit:view');
    const after = stateOf(asked);
    await recordAudit(tx, ctx, {
      action: command.action,
      subject: home,
      target: null,
      result: 'OK',
      before: null,
      after,
      note: null,
    });
  });
  return pagesOf(ctx, asked);
}

async function* pagesOf(ctx: RequestContext, { filter, authenticate }: AuditExport) {
  const until = filter.until === null || filter.until > ctx.now ? ctx.now : filter.until;
  const requireStill = stillAllowed(authenticate, 'audit:view');
  for (let after = null, events: AuditEvent[]; ; ) {
    events = await listAuditEventsAfter(ctx, { ...filter, until }, after, PAGE);
    if (events.length > 0) yield events;
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE) return;
    after = positionOf(last);
    await requireStill();
  }
}

function stateOf({ format, filter }: AuditExport) {
  const { serviceProvider, organization, actorId, actions, refused, since, until } = filter;
  return {
    format,
    serviceProviderId: serviceProvider?.serviceProviderId ?? null,
    organizationId: organization?.organizationId ?? null,
    actorId,
    actions,
    refused,
    since: since?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
  };
}
