import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { OrganizationConnection, OrganizationType } from '../organization/organization.type.ts';
import { parsePage, toPage } from '../page.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { OrganizationFilter, OrganizationOrder } from './fleet.input.ts';
import { countOrganizations, listFleet } from './fleet.service.ts';
import {
  type FleetFilter,
  type FleetItem,
  type FleetOrder,
  type FleetPage,
  type FleetQuery,
  positionOf,
} from './fleet.ts';
import { toFilter } from './to-filter.input.ts';

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
  @Query(() => OrganizationConnection, {
    description: 'Every organization in sight; by name unless ordered otherwise.',
  })
  async organizations(
    @Args(() => FleetArgs) args: FleetArgs,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationType>> {
    const query = toQuery(args);
    const [page] = await listFleet(ctx, null, query);
    return toFleetConnection(query, page, async () => (await countOrganizations(ctx, null, query.filter))[0] ?? 0);
  }
}

@Resolver(() => ServiceProviderType)
export class ServiceProviderFleetResolver {
  @FieldResolver(() => OrganizationConnection, { description: 'Of this provider and the resellers below it.' })
  async organizations(
    @Root() { row }: ServiceProviderType,
    @Args(() => FleetArgs) args: FleetArgs,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationType>> {
    const query = toQuery(args);
    const parent = { rootProviderId: row.rootProviderId, serviceProviderId: row.id };
    const page = await ctx.loaders.fleetPage.load({ parent, ask: query });
    return toFleetConnection(query, page, () => ctx.loaders.fleetCount.load({ parent, ask: query.filter }));
  }
}

const BY_NAME: FleetOrder = { field: 'NAME', direction: 'ASC' };

function nameOf({ field, direction }: FleetOrder): string {
  return `${field}_${direction}`;
}

function toQuery(args: FleetArgs): FleetQuery {
  const order = args.orderBy ?? BY_NAME;
  return { filter: toFilter(args.filter ?? {}), order, page: parsePage(args.first, args.after, nameOf(order)) };
}

/** A list by name that takes nothing but a page. */
export function byName(filter: FleetFilter, first: number | null, after: string | null): FleetQuery {
  return { filter, order: BY_NAME, page: parsePage(first, after, nameOf(BY_NAME)) };
}

export function toFleetConnection(
  { order, page: request }: FleetQuery,
  page: FleetPage | undefined,
  count: () => Promise<number>,
): Connection<OrganizationType> {
  const found = page ?? toPage<FleetItem>([], request);
  return new PageView(found, {
    order: nameOf(order),
    node: ({ organization, subscription, apiKey }) =>
      new OrganizationType(organization, { subscription, apiKeys: [apiKey], serviceProvider: null }),
    position: (item) => positionOf(item, order),
    count,
  });
}
