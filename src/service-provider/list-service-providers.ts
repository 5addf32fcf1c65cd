import type { RequestContext } from '../context.ts';
import type { Scope } from '../database/scope.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Id, ServiceProviderId } from '../ids.ts';
import { type Page, type PageRequest, toPage } from '../page.ts';
import { fold } from '../text.ts';
import type { ServiceProvider } from './service-provider.ts';

/** By name. */
export const PROVIDER_ORDER = 'NAME_ASC';

export function positionOf(provider: ServiceProvider) {
  return { value: fold(provider.name), id: provider.id };
}

/** @param parent only the resellers directly under this provider; null for all in sight */
export function listServiceProviders(
  ctx: RequestContext,
  page: PageRequest,
  parent: ServiceProvider | null,
): Promise<Page<ServiceProvider>> {
  return ctx.database.readWithPrisma(ctx.actor.scope, async (prisma) => {
    const rows = await prisma.serviceProvider.findMany({
      where: { AND: [inSightAndUnder(ctx.actor.scope, parent), after(page)] },
      orderBy: [{ nameFolded: 'asc' }, { id: 'asc' }],
      take: page.first + 1,
    });
    return toPage(rows.map(toServiceProvider), page);
  });
}

export function countServiceProviders(ctx: RequestContext, parent: ServiceProvider | null): Promise<number> {
  return ctx.database.readWithPrisma(ctx.actor.scope, (prisma) =>
    prisma.serviceProvider.count({ where: inSightAndUnder(ctx.actor.scope, parent) }),
  );
}

/** The first line of isolation; row-level security is the second. */
function inSightAndUnder(scope: Scope, parent: ServiceProvider | null): Prisma.ServiceProviderWhereInput {
  const under = parent === null ? {} : { rootProviderId: parent.rootProviderId, parentId: parent.id };
  switch (scope.level) {
    case 'PLATFORM':
      return under;
    case 'PROVIDER':
      return { AND: [under, { rootProviderId: scope.rootProviderId, path: { has: scope.providerId } }] };
    case 'ORGANIZATION':
      return { AND: [under, { rootProviderId: scope.rootProviderId, id: scope.providerId }] };
    default:
      return { id: { in: [] } };
  }
}

function after({ after: position }: PageRequest): Prisma.ServiceProviderWhereInput {
  if (position === null) return {};
  const { value, id } = position;
  return { OR: [{ nameFolded: { gt: value } }, { nameFolded: value, id: { gt: id } }] };
}

function toServiceProvider(row: Prisma.ServiceProviderGetPayload<object>): ServiceProvider {
  return {
    rootProviderId: row.rootProviderId as ServiceProviderId,
    id: row.id as ServiceProviderId,
    parentId: row.parentId as Id<'ServiceProvider'> | null,
    providerPath: row.path as ServiceProviderId[],
    name: row.name,
    baseUrl: row.baseUrl,
    createdAt: row.createdAt,
    organizationId: null,
  };
}
