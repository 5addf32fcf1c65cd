import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { ServiceProviderId, ServiceProviderRef } from '../ids.ts';
import { type Page, parsePage } from '../page.ts';
import { countServiceProviders, listServiceProviders, PROVIDER_ORDER, positionOf } from './list-service-providers.ts';
import { CreateServiceProviderInput, SetApprovalAboveInput, SetOverlapAllowedInput } from './service-provider.input.ts';
import { createServiceProvider } from './service-provider.service.ts';
import type { ServiceProvider } from './service-provider.ts';
import { ServiceProviderConnection, ServiceProviderPayload, ServiceProviderType } from './service-provider.type.ts';
import { setApprovalAbove } from './set-approval-above.service.ts';
import { setOverlapAllowed } from './set-overlap-allowed.service.ts';

@Resolver(() => ServiceProviderType)
export class ServiceProviderResolver {
  @Query(() => ServiceProviderType, { nullable: true })
  async serviceProvider(
    @Arg('id', () => ID) id: string,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ServiceProviderType | null> {
    const ref = decodeServiceProviderId(id);
    return ref === null ? null : findProviderType(ctx, ref);
  }

  @Query(() => ServiceProviderConnection, { description: 'Every provider in sight, by name.' })
  async serviceProviders(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<ServiceProviderType>> {
    const page = await listServiceProviders(ctx, parsePage(first, after, PROVIDER_ORDER));
    return toConnection(page, () => countServiceProviders(ctx));
  }

  @FieldResolver(() => ServiceProviderType, {
    nullable: true,
    description: 'Null for a root provider, and for whoever does not see the parent.',
  })
  parent(@Root() { row }: ServiceProviderType, @Ctx() ctx: GraphQLContext): Promise<ServiceProviderType | null> | null {
    if (row.parentId === null) return null;
    return findProviderType(ctx, { rootProviderId: row.rootProviderId, serviceProviderId: row.parentId });
  }

  @FieldResolver(() => String, { description: 'Where the API clients of its organizations connect.' })
  baseUrl(@Root() { row }: ServiceProviderType, @Ctx() ctx: GraphQLContext): string {
    return row.baseUrl ?? ctx.publicUrl;
  }

  @FieldResolver(() => ServiceProviderConnection, { description: 'Directly under it, by name.' })
  async resellers(
    @Root() { row }: ServiceProviderType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<ServiceProviderType>> {
    const parent = { rootProviderId: row.rootProviderId, serviceProviderId: row.id };
    const page = await ctx.loaders.resellerPage.load({ parent, ask: parsePage(first, after, PROVIDER_ORDER) });
    return toConnection(page, () => ctx.loaders.resellerCount.load({ parent, ask: 'ALL' }));
  }

  @Mutation(() => ServiceProviderPayload)
  createServiceProvider(
    @Arg('input', () => CreateServiceProviderInput) input: CreateServiceProviderInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceProviderPayload>> {
    return answer(ctx, async () => {
      const ref = await createServiceProvider(ctx, {
        name: input.name,
        parent: input.parentId == null ? null : (decodeServiceProviderId(input.parentId) ?? 'UNKNOWN'),
        baseUrl: input.baseUrl ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { serviceProvider: await findProviderType(ctx, ref) };
    });
  }

  @Mutation(() => ServiceProviderPayload, {
    description: 'Above how many organizations one person alone starts no bulk operation any more.',
  })
  setApprovalAbove(
    @Arg('input', () => SetApprovalAboveInput) input: SetApprovalAboveInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceProviderPayload>> {
    return answer(ctx, async () => {
      const ref = await setApprovalAbove(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        approvalAbove: input.approvalAbove ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { serviceProvider: await findProviderType(ctx, ref) };
    });
  }

  @Mutation(() => ServiceProviderPayload, {
    description: 'For how long rotations may let old key strings work beside the new ones.',
  })
  setOverlapAllowed(
    @Arg('input', () => SetOverlapAllowedInput) input: SetOverlapAllowedInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceProviderPayload>> {
    return answer(ctx, async () => {
      const ref = await setOverlapAllowed(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        overlapAllowedMinutes: input.overlapAllowedMinutes,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { serviceProvider: await findProviderType(ctx, ref) };
    });
  }
}

function toConnection(page: Page<ServiceProvider>, count: () => Promise<number>): Connection<ServiceProviderType> {
  const node = (row: ServiceProvider) => new ServiceProviderType(row);
  return new PageView(page, { order: PROVIDER_ORDER, node, position: positionOf, count });
}

export async function findProviderType(
  ctx: GraphQLContext,
  ref: ServiceProviderRef,
): Promise<ServiceProviderType | null> {
  const row = await ctx.loaders.serviceProvider.load(ref);
  return row === null ? null : new ServiceProviderType(row);
}

/** The provider of something in sight: whoever sees that, sees its provider. */
export async function providerOf(
  ctx: GraphQLContext,
  row: { rootProviderId: ServiceProviderId; providerId: ServiceProviderId },
): Promise<ServiceProviderType> {
  const { rootProviderId, providerId } = row;
  const provider = await findProviderType(ctx, { rootProviderId, serviceProviderId: providerId });
  if (provider === null) throw new Error('an organization is in sight without its provider');
  return provider;
}
