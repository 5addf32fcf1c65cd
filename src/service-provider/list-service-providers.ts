import type { RequestContext } from '../context.ts';
import type { ServiceProviderRef } from '../ids.ts';
import { type Page, type PageRequest, toPage } from '../page.ts';
import { fold } from '../text.ts';
import { type ServiceProvider, seesProvider } from './service-provider.ts';
import {
  countProviders,
  countProvidersUnder,
  findProviderPage,
  findProviderPagesUnder,
} from './service-provider-list.repository.ts';

/** By name. */
export const PROVIDER_ORDER = 'NAME_ASC';

export function positionOf(provider: ServiceProvider) {
  return { value: fold(provider.name), id: provider.id };
}

/** Every provider in sight. */
export async function listServiceProviders(ctx: RequestContext, page: PageRequest): Promise<Page<ServiceProvider>> {
  const { scope } = ctx.actor;
  const rows = await ctx.database.read(scope, (tx) => findProviderPage(tx, scope, page));
  return toPage(rows, page);
}

export function countServiceProviders(ctx: RequestContext): Promise<number> {
  const { scope } = ctx.actor;
  return ctx.database.read(scope, (tx) => countProviders(tx, scope));
}

/** The providers directly under each of the parents; none for whoever sees single organizations. */
export async function listResellers(
  ctx: RequestContext,
  parents: readonly ServiceProviderRef[],
  page: PageRequest,
): Promise<Page<ServiceProvider>[]> {
  const { scope } = ctx.actor;
  if (scope.level === 'ORGANIZATION') return parents.map(() => toPage([], page));
  const rows = await ctx.database.read(scope, (tx) => findProviderPagesUnder(tx, parents, page));
  const seen = rows.filter((row) => seesProvider(scope, row));
  return parents.map((parent) =>
    toPage(
      seen.filter((row) => row.parentId === parent.serviceProviderId),
      page,
    ),
  );
}

export async function countResellers(ctx: RequestContext, parents: readonly ServiceProviderRef[]): Promise<number[]> {
  const { scope } = ctx.actor;
  if (scope.level === 'ORGANIZATION') return parents.map(() => 0);
  const rows = await ctx.database.read(scope, (tx) => countProvidersUnder(tx, parents));
  return parents.map((parent) => rows.find((row) => row.parentId === parent.serviceProviderId)?.count ?? 0);
}
