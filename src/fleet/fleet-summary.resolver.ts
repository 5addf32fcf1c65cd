import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { decodeProviderFilter } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { summarizeFleet } from './fleet-summary.service.ts';
import { FleetSummaryType } from './fleet-summary.type.ts';

@Resolver()
export class FleetSummaryResolver {
  @Query(() => FleetSummaryType, { description: 'Of every organization in sight, counted now.' })
  fleetSummary(
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description: 'Of this provider and the resellers below it.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<FleetSummaryType> {
    return summarizeFleet(ctx, decodeProviderFilter(serviceProviderId));
  }
}
