import type { RequestContext } from '../context.ts';
import type { Scope } from '../database/scope.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { requirePermission } from '../identity/authorize.ts';
import type {
  ActorId,
  AuditEventId,
  OrganizationId,
  OrganizationRef,
  ServiceProviderId,
  ServiceProviderRef,
} from '../ids.ts';
import { instantOf, type Page, type PageRequest, type Position, toPage } from '../page.ts';
import { auditActions } from './audit-event.ts';

export interface AuditEvent {
  readonly rootProviderId: ServiceProviderId;
  readonly id: AuditEventId;
  readonly at: Date;
  readonly action: string;
  readonly actorId: ActorId | null;
  readonly actorName: string;
  readonly actorRole: string | null;
  readonly onBehalfOf: string | null;
  readonly organizationId: OrganizationId | null;
  readonly result: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly note: string | null;
  readonly ipAddress: string | null;
  readonly requestId: string | null;
}

export interface AuditEventFilter {
  /** With the resellers below it. */
  readonly serviceProvider: ServiceProviderRef | null;
  readonly organization: OrganizationRef | null;
  readonly actorId: ActorId | null;
  readonly actions: readonly string[] | null;
  /** Whether it was refused. */
  readonly refused: boolean | null;
  readonly since: Date | null;
  readonly until: Date | null;
}

/** The newest first. */
export const AUDIT_ORDER = 'AT_DESC';

export function positionOf(event: AuditEvent): Position {
  return { value: event.at.toISOString(), id: event.id };
}

/** @throws DomainError `FORBIDDEN`, `VALIDATION_FAILED` */
export function listAuditEvents(
  ctx: RequestContext,
  filter: AuditEventFilter,
  page: PageRequest,
): Promise<Page<AuditEvent>> {
  const position = before(page.after);
  return readTrail(ctx, filter, async (prisma, conditions) => {
    const where = { AND: [...conditions, position] };
    const rows = await prisma.auditEvent.findMany({
      where,
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return toPage(rows.map(toAuditEvent), page);
  });
}

/**
 * The oldest first, from behind a position.
 * @param most how many at most
 * @throws DomainError `FORBIDDEN`
 */
export function listAuditEventsAfter(
  ctx: RequestContext,
  filter: AuditEventFilter,
  position: Position | null,
  most: number,
): Promise<AuditEvent[]> {
  return readTrail(ctx, filter, async (prisma, conditions) => {
    const where = { AND: [...conditions, behind(position)] };
    const rows = await prisma.auditEvent.findMany({ where, orderBy: [{ at: 'asc' }, { id: 'asc' }], take: most });
    return rows.map(toAuditEvent);
  });
}

/** @throws DomainError `FORBIDDEN` */
export function countAuditEvents(ctx: RequestContext, filter: AuditEventFilter): Promise<number> {
  return readTrail(ctx, filter, (prisma, conditions) => prisma.auditEvent.count({ where: { AND: conditions } }));
}

async function readTrail<Result>(
  { actor, database }: RequestContext,
  filter: AuditEventFilter,
  work: (prisma: Prisma.TransactionClient, conditions: Prisma.AuditEventWhereInput[]) => Promise<Result>,
): Promise<Result> {
  requirePermission(actor, 'audit:view');
  return database.readWithPrisma(actor.scope, async (prisma) => {
    const ofProvider = await atProvider(prisma, actor.scope, filter.serviceProvider);
    return work(prisma, [...conditionsOf(actor.scope, filter), ofProvider]);
  });
}

/** Nothing of a provider out of sight: else the filter would tell that it stands above what is. */
async function atProvider(
  prisma: Prisma.TransactionClient,
  scope: Scope,
  provider: ServiceProviderRef | null,
): Promise<Prisma.AuditEventWhereInput> {
  if (provider === null) return {};
  const { rootProviderId, serviceProviderId: id } = provider;
  const isBelowOwn = 'providerId' in scope ? { path: { has: scope.providerId } } : {};
  const found = await prisma.serviceProvider.count({ where: { rootProviderId, id, ...isBelowOwn } });
  return found === 0 ? { id: { in: [] } } : { rootProviderId, providerPath: { has: id } };
}

/** Null when it does not exist, is out of sight, or the caller may not see the trail. */
export async function findAuditEvent(
  ctx: RequestContext,
  rootProviderId: ServiceProviderId,
  id: string,
): Promise<AuditEvent | null> {
  if (!ctx.actor.permissions.has('audit:view')) return null;
  return ctx.database.readWithPrisma(ctx.actor.scope, async (prisma) => {
    const row = await prisma.auditEvent.findFirst({
      where: { AND: [inSight(ctx.actor.scope), { rootProviderId, id }] },
    });
    return row === null ? null : toAuditEvent(row);
  });
}

function conditionsOf(scope: Scope, filter: AuditEventFilter): Prisma.AuditEventWhereInput[] {
  const { organization, actorId, actions, refused, since, until } = filter;
  const where: Prisma.AuditEventWhereInput[] = [inSight(scope)];
  if (organization !== null) where.push({ ...organization });
  if (actorId !== null) where.push({ actorId });
  if (actions !== null) where.push({ action: { in: auditActions.filter((action) => actions.includes(action)) } });
  if (refused !== null) where.push({ result: refused ? { not: 'OK' } : 'OK' });
  if (since !== null) where.push({ at: { gte: since } });
  if (until !== null) where.push({ at: { lt: until } });
  return where;
}

/** The first line of isolation; row-level security is the second. */
function inSight(scope: Scope): Prisma.AuditEventWhereInput {
  switch (scope.level) {
    case 'PLATFORM':
      return {};
    case 'PROVIDER':
      return { rootProviderId: scope.rootProviderId, providerPath: { has: scope.providerId } };
    case 'ORGANIZATION':
      return { rootProviderId: scope.rootProviderId, organizationId: { in: [...scope.organizationIds] } };
    default:
      return { id: { in: [] } };
  }
}

function before(position: Position | null): Prisma.AuditEventWhereInput {
  if (position === null) return {};
  const at = instantOf(position);
  // The first condition follows from the second, and is the one that an index can begin at.
  return { at: { lte: at }, OR: [{ at: { lt: at } }, { at, id: { lt: position.id } }] };
}

function behind(position: Position | null): Prisma.AuditEventWhereInput {
  if (position === null) return {};
  const at = instantOf(position);
  return { at: { gte: at }, OR: [{ at: { gt: at } }, { at, id: { gt: position.id } }] };
}

function toAuditEvent(row: Prisma.AuditEventGetPayload<object>): AuditEvent {
  return {
    ...row,
    rootProviderId: row.rootProviderId as ServiceProviderId,
    id: row.id as AuditEventId,
    actorId: row.actorId as ActorId | null,
    organizationId: row.organizationId as OrganizationId | null,
  };
}
