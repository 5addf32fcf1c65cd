import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { decodeOrganizationId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { OrganizationRef } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { ApplySubscriptionInput, CancelSubscriptionInput, RenewSubscriptionInput } from './subscription.input.ts';
import { applySubscription, cancelSubscription, renewSubscription } from './subscription.service.ts';
import { SubscriptionPayload, SubscriptionType } from './subscription.type.ts';

@Resolver(() => OrganizationType)
export class SubscriptionResolver {
  @FieldResolver(() => SubscriptionType, { nullable: true, description: 'The current one; null before the first.' })
  subscription(
    @Root() { row, brought }: OrganizationType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<SubscriptionType | null> | SubscriptionType | null {
    if (brought === null) return currentSubscription(ctx, row);
    return brought.subscription === null ? null : new SubscriptionType(brought.subscription, ctx.now);
  }

  @Mutation(() => SubscriptionPayload, {
    description: 'Gives the organization a subscription and, once it has started, a key.',
  })
  applySubscription(
    @Arg('input', () => ApplySubscriptionInput) input: ApplySubscriptionInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<SubscriptionPayload>> {
    return answer(ctx, async () => {
      const ref = await applySubscription(ctx, {
        organization: decodeOrganizationId(input.organizationId),
        plan: input.plan,
        startsAt: input.startsAt ?? null,
        endsAt: input.endsAt,
        callThreshold: input.callThreshold ?? null,
        thresholdPeriod: input.thresholdPeriod ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { ref };
    });
  }

  @Mutation(() => SubscriptionPayload, {
    description: 'A later end. A key that the ended subscription disabled works again at once.',
  })
  renewSubscription(
    @Arg('input', () => RenewSubscriptionInput) input: RenewSubscriptionInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<SubscriptionPayload>> {
    return answer(ctx, async () => {
      const ref = await renewSubscription(ctx, {
        organization: decodeOrganizationId(input.organizationId),
        endsAt: input.endsAt,
        expectedVersion: input.expectedVersion ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { ref };
    });
  }

  @Mutation(() => SubscriptionPayload, { description: 'Ends it now. The key is kept, disabled.' })
  cancelSubscription(
    @Arg('input', () => CancelSubscriptionInput) input: CancelSubscriptionInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<SubscriptionPayload>> {
    return answer(ctx, async () => {
      const ref = await cancelSubscription(ctx, {
        organization: decodeOrganizationId(input.organizationId),
        expectedVersion: input.expectedVersion ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { ref };
    });
  }
}

@Resolver(() => SubscriptionPayload)
export class SubscriptionPayloadResolver {
  @FieldResolver(() => SubscriptionType, { nullable: true, description: 'As it is after the command.' })
  subscription(
    @Root() { ref }: SubscriptionPayload,
    @Ctx() ctx: GraphQLContext,
  ): Promise<SubscriptionType | null> | null {
    return ref === undefined ? null : currentSubscription(ctx, ref);
  }

  @FieldResolver(() => OrganizationType, { nullable: true })
  organization(
    @Root() { ref }: SubscriptionPayload,
    @Ctx() ctx: GraphQLContext,
  ): Promise<OrganizationType | null> | null {
    return ref === undefined ? null : findOrganizationType(ctx, ref);
  }
}

async function currentSubscription(ctx: GraphQLContext, ref: OrganizationRef): Promise<SubscriptionType | null> {
  const row = await ctx.loaders.subscription.load(ref);
  return row === null ? null : new SubscriptionType(row, ctx.now);
}
