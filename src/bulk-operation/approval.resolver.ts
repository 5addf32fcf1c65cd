import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { decodeBulkOperationId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import { ApproveBulkOperationInput, RejectBulkOperationInput } from './approval.input.ts';
import { BulkOperationApprovalType } from './approval.type.ts';
import { findBulkOperationType } from './bulk-operation.resolver.ts';
import { BulkOperationPayload, BulkOperationType } from './bulk-operation.type.ts';
import { approveBulkOperation, rejectBulkOperation } from './decide-approval.service.ts';

@Resolver(() => BulkOperationType)
export class ApprovalResolver {
  @FieldResolver(() => BulkOperationApprovalType, {
    nullable: true,
    description:
      'Null when it needs none. While it waits nothing is done: its counts and results are those of a dry run.',
  })
  approval(
    @Root() { row }: BulkOperationType,
    @Ctx() { actor, now }: GraphQLContext,
  ): BulkOperationApprovalType | null {
    return row.approval === null ? null : new BulkOperationApprovalType(row, actor, now);
  }

  @Mutation(() => BulkOperationPayload, {
    description:
      'Of an operation that waits, by a second person who could start it themself. The background begins it at once, and decides anew about each organization.',
  })
  approveBulkOperation(
    @Arg('input', () => ApproveBulkOperationInput) input: ApproveBulkOperationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<BulkOperationPayload>> {
    return answer(ctx, async () => {
      const ref = await approveBulkOperation(ctx, decisionOf(input));
      return { operation: await findBulkOperationType(ctx, ref) };
    });
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'Of an operation that waits, by a second person who could start it themself. Nothing of it is done.',
  })
  rejectBulkOperation(
    @Arg('input', () => RejectBulkOperationInput) input: RejectBulkOperationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<BulkOperationPayload>> {
    return answer(ctx, async () => {
      const ref = await rejectBulkOperation(ctx, decisionOf(input));
      return { operation: await findBulkOperationType(ctx, ref) };
    });
  }
}

function decisionOf({ bulkOperationId, note, idempotencyKey }: ApproveBulkOperationInput | RejectBulkOperationInput) {
  return {
    operation: decodeBulkOperationId(bulkOperationId),
    note: note ?? null,
    idempotencyKey: idempotencyKey ?? null,
  };
}
