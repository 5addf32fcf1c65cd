import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { NIL_ID } from '../ids.ts';
import { summarizeFleet } from './fleet-summary.service.ts';
import { FleetSummaryType } from './fleet-summary.type.ts';

const NO_PROVIDER = { rootProviderId: NIL_ID, serviceProviderId: NIL_ID };

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
    return summarizeFleet(
      ctx,
      serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? NO_PROVIDER),
    );
  }
}
