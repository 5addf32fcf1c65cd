import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { byName, toFleetConnection } from '../fleet/fleet.resolver.ts';
import { WHOLE_FLEET } from '../fleet/fleet.ts';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeProviderFilter, providerNamed } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { OrganizationConnection, type OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { countApiKeyGroups, findApiKeyDrift, listApiKeyGroups } from './api-key-group.service.ts';
import { LEAST_SHARING, positionOf } from './api-key-group.ts';
import { ApiKeyDriftType, ApiKeyGroupConnection, ApiKeyGroupType } from './api-key-group.type.ts';

const LARGEST_FIRST = 'ORGANIZATION_COUNT_DESC';

@ArgsType()
class ApiKeyGroupArgs {
  @Field(() => Int, { nullable: true })
  first?: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this provider and the resellers below it.' })
  serviceProviderId?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: LEAST_SHARING, description: 'Smaller groups are left out.' })
  minimumCount?: number | null;
}

@Resolver(() => ApiKeyGroupType)
export class ApiKeyGroupResolver {
  @Query(() => ApiKeyGroupConnection, { description: 'Who shares a string: largest groups first.' })
  async apiKeyGroups(
    @Args(() => ApiKeyGroupArgs) { first, after, serviceProviderId, minimumCount }: ApiKeyGroupArgs,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<ApiKeyGroupType>> {
    const serviceProvider = decodeProviderFilter(serviceProviderId);
    const query = { serviceProvider, minimumCount: minimumCount ?? LEAST_SHARING };
    const page = await listApiKeyGroups(ctx, query, parsePage(first, after, LARGEST_FIRST));
    return new PageView(page, {
      order: LARGEST_FIRST,
      node: (group) => new ApiKeyGroupType(group, serviceProvider),
      position: positionOf,
      count: () => countApiKeyGroups(ctx, query),
    });
  }

  @FieldResolver(() => OrganizationConnection, { description: 'By name.' })
  async organizations(
    @Root() { group, serviceProvider }: ApiKeyGroupType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationType>> {
    const { rootProviderId, fingerprint, organizationCount } = group;
    const ask = byName({ ...WHOLE_FLEET, serviceProvider }, first, after);
    const page = await ctx.loaders.sharingPage.load({ parent: { rootProviderId, fingerprint }, ask });
    return toFleetConnection(ask, page, async () => organizationCount);
  }
}

@Resolver(() => ApiKeyDriftType)
export class ApiKeyDriftResolver {
  @Query(() => ApiKeyDriftType, {
    nullable: true,
    description: 'Null when the provider does not exist or is out of sight.',
  })
  async apiKeyDrift(
    @Arg('serviceProviderId', () => ID) serviceProviderId: string,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ApiKeyDriftType | null> {
    const drift = await findApiKeyDrift(ctx, providerNamed(serviceProviderId));
    return drift === null ? null : new ApiKeyDriftType(drift);
  }

  @FieldResolver(() => OrganizationConnection, {
    description: "Those that hold another string than the largest group's, by name: the filter `fingerprintNot`.",
  })
  async organizations(
    @Root() { drift }: ApiKeyDriftType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationType>> {
    const { largestGroup, driftedCount, serviceProvider } = drift;
    const { rootProviderId, id: serviceProviderId } = serviceProvider;
    const nobody = largestGroup === null ? { organizations: [] } : { fingerprintNot: largestGroup.fingerprint };
    const ask = byName({ ...WHOLE_FLEET, ...nobody }, first, after);
    const page = await ctx.loaders.fleetPage.load({ parent: { rootProviderId, serviceProviderId }, ask });
    return toFleetConnection(ask, page, async () => driftedCount);
  }
}
