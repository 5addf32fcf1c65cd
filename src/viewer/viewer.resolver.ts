import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { findProviderType } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { ViewerType } from './viewer.type.ts';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType)
  viewer(@Ctx() ctx: GraphQLContext): ViewerType {
    return new ViewerType(ctx.actor);
  }

  @FieldResolver(() => ServiceProviderType, { nullable: true, description: 'Null for platform staff.' })
  serviceProvider(@Ctx() ctx: GraphQLContext): Promise<ServiceProviderType | null> | null {
    const { rootProviderId, providerPath } = ctx.actor.home;
    const serviceProviderId = providerPath.at(-1);
    return serviceProviderId === undefined ? null : findProviderType(ctx, { rootProviderId, serviceProviderId });
  }

  @FieldResolver(() => OrganizationType, {
    nullable: true,
    description: "Null for everybody but an organization's own people.",
  })
  organization(@Ctx() ctx: GraphQLContext): Promise<OrganizationType | null> | null {
    const { authority, home } = ctx.actor;
    const { rootProviderId, organizationId } = home;
    return authority !== 'ORGANIZATION' || organizationId === null
      ? null
      : findOrganizationType(ctx, { rootProviderId, organizationId });
  }
}
