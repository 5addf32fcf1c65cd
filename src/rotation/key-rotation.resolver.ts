import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { ApiKeyPayload, ApiKeyType } from '../api-key/api-key.type.ts';
import { DEFAULT_GRACE_MINUTES, overlapAt } from '../api-key/overlap.ts';
import { PlanRotationInput } from '../bulk-operation/bulk-operation.input.ts';
import { cancelBulkOperation } from '../bulk-operation/bulk-operation.service.ts';
import { BulkOperationPayload } from '../bulk-operation/bulk-operation.type.ts';
import { toTarget } from '../bulk-operation/to-target.input.ts';
import { decodeBulkOperationId, decodeOrganizationId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import { Secret } from '../secrets/secret.ts';
import { endKeyOverlap } from './end-key-overlap.service.ts';
import { EndKeyOverlapInput } from './key-rotation.input.ts';
import { ApiKeyOverlapType, ApiKeyRotationType } from './key-rotation.type.ts';
import { planRotation } from './plan-rotation.service.ts';

@Resolver(() => ApiKeyType)
export class KeyRotationResolver {
  @FieldResolver(() => ApiKeyOverlapType, {
    nullable: true,
    description: 'While the string that the current one replaced works as well; null: the current one alone works.',
  })
  async overlap(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): Promise<ApiKeyOverlapType | null> {
    if (slot.fingerprint === null) return null;
    return overlapAt(await ctx.loaders.keyOverlap.load(slot), ctx.now);
  }

  @FieldResolver(() => ApiKeyRotationType, {
    nullable: true,
    description: 'Null while no policy holds for it, and while the slot is empty.',
  })
  async rotation(@Root() { slot }: ApiKeyType, @Ctx() ctx: GraphQLContext): Promise<ApiKeyRotationType | null> {
    const found = slot.fingerprint === null ? null : await ctx.loaders.keyRotation.load(slot);
    return found === null ? null : new ApiKeyRotationType(found);
  }

  @Mutation(() => ApiKeyPayload, {
    description: 'The old string of an overlap works no longer, with the API sessions that were opened with it.',
  })
  endKeyOverlap(
    @Arg('input', () => EndKeyOverlapInput) input: EndKeyOverlapInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ApiKeyPayload>> {
    return answer(ctx, async () => {
      const { organizationId, kind, idempotencyKey = null } = input;
      const organization = decodeOrganizationId(organizationId);
      const ref = await endKeyOverlap(ctx, { organization, kind: kind ?? 'CLOUD_SERVICE', idempotencyKey });
      return { ref, keyString: null };
    });
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'New strings for many organizations at a time to come. Until then the operation is `PLANNED`, shows what it would do, and can be cancelled. Needs what `syncApiKey` or `regenerateApiKeys` need.',
  })
  planRotation(
    @Arg('input', () => PlanRotationInput) input: PlanRotationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<BulkOperationPayload>> {
    const { runAt, sharedString, overlapMinutes, overlapGraceMinutes } = input;
    const newKey = input.newKey == null ? null : new Secret(input.newKey);
    return answer(ctx, async () => ({
      ref: await planRotation(ctx, {
        ...toTarget(input),
        ...{ runAt, newKey, sharedString: sharedString ?? false, overlapMinutes: overlapMinutes ?? 0 },
        overlapGraceMinutes: overlapGraceMinutes ?? DEFAULT_GRACE_MINUTES,
      }),
    }));
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'As `cancelBulkOperation` does: of a planned one nothing is done.',
  })
  cancelRotation(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphQLContext): Promise<Payload<BulkOperationPayload>> {
    const cancel = async () => ({ ref: await cancelBulkOperation(ctx, { operation: decodeBulkOperationId(id) }) });
    return answer(ctx, cancel, []);
  }
}
