import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { OrganizationRef } from '../ids.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { CreateOrganizationInput } from './organization.input.ts';
import { createOrganization } from './organization.service.ts';
import { OrganizationPayload, OrganizationType } from './organization.type.ts';

@Resolver(() => OrganizationType)
export class OrganizationResolver {
  @Query(() => OrganizationType, { nullable: true })
  async organization(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphQLContext): Promise<OrganizationType | null> {
    const ref = decodeOrganizationId(id);
    return ref === null ? null : findOrganizationType(ctx, ref);
  }

  @FieldResolver(() => ServiceProviderType)
  serviceProvider(
    @Root() organization: OrganizationType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ServiceProviderType> | ServiceProviderType {
    return findProvider(ctx, organization);
  }

  @FieldResolver(() => String, { description: "Where this organization's API clients connect." })
  async baseUrl(@Root() organization: OrganizationType, @Ctx() ctx: GraphQLContext): Promise<string> {
    return (await findProvider(ctx, organization)).row.baseUrl ?? ctx.publicUrl;
  }

  @Mutation(() => OrganizationPayload)
  createOrganization(
    @Arg('input', () => CreateOrganizationInput) input: CreateOrganizationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<OrganizationPayload>> {
    return answer(ctx, async () => {
      const ref = await createOrganization(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        name: input.name,
        externalId: input.externalId ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { organization: await findOrganizationType(ctx, ref) };
    });
  }
}

function findProvider(
  ctx: GraphQLContext,
  { row, brought }: OrganizationType,
): Promise<ServiceProviderType> | ServiceProviderType {
  const known = brought?.serviceProvider ?? null;
  return known === null ? providerOf(ctx, row) : new ServiceProviderType(known);
}

export async function findOrganizationType(
  ctx: GraphQLContext,
  ref: OrganizationRef,
): Promise<OrganizationType | null> {
  const row = await ctx.loaders.organization.load(ref);
  return row === null ? null : new OrganizationType(row);
}
