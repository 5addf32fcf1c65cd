import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { NIL_ID, type ServiceProviderRef } from '../ids.ts';
import { OrganizationConnection, OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { OrganizationFilter, OrganizationOrder } from './fleet.input.ts';
import { countOrganizations, listFleet } from './fleet.service.ts';
import type { FleetFilter, FleetItem, FleetOrder } from './fleet.ts';

@ArgsType()
class FleetArgs {
  @Field(() => Int, { nullable: true })
  first?: number | null;

  @Field(() => String, { nullable: true })
  after?: string | null;

  @Field(() => OrganizationFilter, { nullable: true })
  filter?: OrganizationFilter | null;

  @Field(() => OrganizationOrder, { nullable: true })
  orderBy?: OrganizationOrder | null;
}

@Resolver()
export class FleetResolver {
  @Query(() => OrganizationConnection, { description: 'Every organization in sight; by name unless ordered otherwise.' })
  organizations(@Args(() => FleetArgs) args: FleetArgs, @Ctx() ctx: GraphQLContext): Promise<Connection<OrganizationType>> {
    return list(ctx, args, toFilter(args.filter ?? {}));
  }
}

@Resolver(() => ServiceProviderType)
export class ServiceProviderFleetResolver {
  @FieldResolver(() => OrganizationConnection, { description: 'Of this provider and the resellers below it.' })
  organizations(
    @Root() { row }: ServiceProviderType,
    @Args(() => FleetArgs) args: FleetArgs,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationType>> {
    const within = { rootProviderId: row.rootProviderId, serviceProviderId: row.id };
    return list(ctx, args, { ...toFilter(args.filter ?? {}), within });
  }
}

const BY_NAME: FleetOrder = { field: 'NAME', direction: 'ASC' };

async function list(ctx: GraphQLContext, args: FleetArgs, filter: FleetFilter): Promise<Connection<OrganizationType>> {
  const fleetOrder = args.orderBy ?? BY_NAME;
  const order = `${fleetOrder.field}_${fleetOrder.direction}`;
  const page = await listFleet(ctx, filter, fleetOrder, parsePage(args.first, args.after, order));
  for (const item of page.items) primeLoaders(ctx, item);
  return new PageView(page, {
    order,
    node: ({ organization }) => new OrganizationType(organization),
    position: ({ organization, orderValue }) => ({ value: orderValue, id: organization.organizationId }),
    count: () => countOrganizations(ctx, filter),
  });
}

/** The page's one statement brought these along: nobody looks them up again. */
function primeLoaders({ loaders }: GraphQLContext, { organization, subscription, apiKey }: FleetItem): void {
  loaders.organization.prime(organization, organization);
  loaders.subscription.prime(organization, subscription);
  loaders.apiKey.prime(apiKey, apiKey);
}

function toFilter(input: OrganizationFilter): FleetFilter {
  const { serviceProviderId, ids } = input;
  return {
    search: input.search ?? null,
    within: null,
    serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? NO_PROVIDER),
    apiKeyStatus: input.apiKeyStatus ?? null,
    disablementSource: input.disablementSource ?? null,
    subscriptionStatus: input.subscriptionStatus ?? null,
    fingerprint: input.fingerprint ?? null,
    organizations: ids == null ? null : ids.map(decodeOrganizationId).filter((ref) => ref !== null),
  };
}

/** Stands for an id that names nothing: no organization is under it. */
const NO_PROVIDER: ServiceProviderRef = { rootProviderId: NIL_ID, serviceProviderId: NIL_ID };
