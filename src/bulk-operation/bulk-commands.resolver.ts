import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { BulkOperationRef } from '../ids.ts';
import { disableApiKeys, enableApiKeys, regenerateApiKeys, renewSubscriptions } from './bulk-commands.service.ts';
import {
  DisableApiKeysInput,
  EnableApiKeysInput,
  RegenerateApiKeysInput,
  RenewSubscriptionsInput,
} from './bulk-operation.input.ts';
import { findBulkOperationType } from './bulk-operation.resolver.ts';
import { BulkOperationPayload } from './bulk-operation.type.ts';
import { toTarget } from './to-target.input.ts';

type Answer = Promise<Payload<BulkOperationPayload>>;

@Resolver()
export class BulkCommandsResolver {
  @Mutation(() => BulkOperationPayload, {
    description:
      'In many organizations, each by the rules of `disableApiKey`. Disabled already by the same authority: unchanged.',
  })
  disableApiKeys(
    @Arg('input', () => DisableApiKeysInput) input: DisableApiKeysInput,
    @Ctx() ctx: GraphQLContext,
  ): Answer {
    const { reason, kind, note } = input;
    const command = { ...toTarget(input), keyKind: kind ?? 'CLOUD_SERVICE', reason, note: note ?? null };
    return answerWith(ctx, () => disableApiKeys(ctx, command));
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'In many organizations, each by the rules of `enableApiKey`. Those with nothing to lift: unchanged.',
  })
  enableApiKeys(@Arg('input', () => EnableApiKeysInput) input: EnableApiKeysInput, @Ctx() ctx: GraphQLContext): Answer {
    const command = { ...toTarget(input), keyKind: input.kind ?? 'CLOUD_SERVICE', note: input.note };
    return answerWith(ctx, () => enableApiKeys(ctx, command));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'A new string for each of many organizations, by the rules of `regenerateApiKey`. None of them is shown: reveal those that are needed. Cannot be undone.',
  })
  regenerateApiKeys(
    @Arg('input', () => RegenerateApiKeysInput) input: RegenerateApiKeysInput,
    @Ctx() ctx: GraphQLContext,
  ): Answer {
    const command = { ...toTarget(input), keyKind: input.kind ?? 'CLOUD_SERVICE' };
    return answerWith(ctx, () => regenerateApiKeys(ctx, command));
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'The same later end for many organizations, each by the rules of `renewSubscription`. Those that end at that very instant already: unchanged.',
  })
  renewSubscriptions(
    @Arg('input', () => RenewSubscriptionsInput) input: RenewSubscriptionsInput,
    @Ctx() ctx: GraphQLContext,
  ): Answer {
    return answerWith(ctx, () => renewSubscriptions(ctx, { ...toTarget(input), endsAt: input.endsAt }));
  }
}

function answerWith(ctx: GraphQLContext, start: () => Promise<BulkOperationRef>): Answer {
  return answer(ctx, async () => ({ operation: await findBulkOperationType(ctx, await start()) }));
}
