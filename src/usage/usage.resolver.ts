import { Arg, Ctx, Extensions, FieldResolver, Resolver, Root } from 'type-graphql';
import { ApiKeyType } from '../api-key/api-key.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import type { UsageWarning } from './slot-usage.ts';
import { ApiKeyUsageType, UsageGranularityEnum, UsagePointType, UsageWarningType } from './usage.type.ts';
import { parseUsageRange, toUsagePoints, type UsageGranularity, type UsagePoint } from './usage-history.ts';

/** Up to a thousand points for each slot. */
const A_CHART = { cost: 50 };

@Resolver(() => ApiKeyType)
export class ApiKeyUsageResolver {
  @FieldResolver(() => ApiKeyUsageType, { description: 'How much of its call threshold is used.' })
  async usage(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): Promise<ApiKeyUsageType> {
    return new ApiKeyUsageType(await ctx.loaders.usage.load(slot), ctx.now);
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'When a call with it was last accepted.' })
  async lastUsedAt(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): Promise<Date | null> {
    return (await ctx.loaders.usage.load(slot)).lastUsedAt;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Where that call came from, as the gateway said.' })
  async lastUsedAddress(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): Promise<string | null> {
    return (await ctx.loaders.usage.load(slot)).lastUsedAddress;
  }
}

@Resolver(() => ApiKeyUsageType)
export class UsageResolver {
  @FieldResolver(() => [UsageWarningType], { description: 'Of the current window, the oldest first.' })
  warnings(@Root() { row, standing }: ApiKeyUsageType, @Ctx() ctx: GraphQLContext): Promise<UsageWarning[]> {
    const { rootProviderId, organizationId, kind } = row;
    const { startsAt } = standing.window;
    return ctx.loaders.usageWarnings.load({ rootProviderId, organizationId, kind, startsAt });
  }

  @Extensions(A_CHART)
  @FieldResolver(() => [UsagePointType], {
    description: 'A point for every period, also without a call. Hours are kept for 35 days, days for good.',
  })
  async history(
    @Root() { row }: ApiKeyUsageType,
    @Arg('since', () => DateTimeScalar) since: Date,
    @Arg('until', () => DateTimeScalar, { nullable: true, description: 'Default: now.' }) until: Date | null,
    @Arg('granularity', () => UsageGranularityEnum, { defaultValue: 'DAY' }) granularity: UsageGranularity,
    @Ctx() ctx: GraphQLContext,
  ): Promise<UsagePoint[]> {
    const ask = parseUsageRange(since, until, granularity, ctx.now);
    const { rootProviderId, organizationId, kind } = row;
    const counted = await ctx.loaders.usageHistory.load({ parent: { rootProviderId, organizationId, kind }, ask });
    return toUsagePoints(ask, counted);
  }
}
