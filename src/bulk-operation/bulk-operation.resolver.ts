import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeBulkOperationId, decodeOrganizationId, decodeProviderFilter } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { BulkOperationRef } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { Secret } from '../secrets/secret.ts';
import { SyncApiKeyInput } from './bulk-operation.input.ts';
import {
  cancelBulkOperation,
  countListedBulkOperations,
  countListedResults,
  listBulkOperations,
  listResults,
  lookUpBulkOperation,
  OPERATION_ORDER,
  positionOfOperation,
  positionOfResult,
  RESULT_ORDER,
} from './bulk-operation.service.ts';
import type { BulkOutcome } from './bulk-operation.ts';
import {
  BulkOperationConnection,
  BulkOperationPayload,
  BulkOperationType,
  BulkOutcomeEnum,
  BulkResultConnection,
  BulkResultType,
  SyncApiKeyPayload,
} from './bulk-operation.type.ts';
import { syncApiKey } from './sync-api-key.service.ts';
import { toTarget } from './to-target.input.ts';
import { UnknownOrganizationType } from './unknown-organization.type.ts';

@Resolver(() => BulkOperationType)
export class BulkOperationResolver {
  @Query(() => BulkOperationType, { nullable: true })
  async bulkOperation(@Arg('id', () => ID) id: string, @Ctx() ctx: GraphQLContext): Promise<BulkOperationType | null> {
    const ref = decodeBulkOperationId(id);
    return ref === null ? null : findBulkOperationType(ctx, ref);
  }

  @Query(() => BulkOperationConnection, {
    description: 'Those started by staff of the viewer’s provider or of one below it; the newest first.',
  })
  async bulkOperations(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('awaitingMyApproval', () => Boolean, {
      nullable: true,
      description: 'Only those that the viewer may approve or reject now.',
    })
    isAwaitingViewer: boolean | null,
    @Arg('planned', () => Boolean, {
      nullable: true,
      description: 'Only those whose time has not come. Not together with `awaitingMyApproval`, which goes before.',
    })
    isPlanned: boolean | null,
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description:
        'Only those started by staff of this provider or of a reseller below it, or with an organization of theirs.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<BulkOperationType>> {
    const filter = {
      which: isAwaitingViewer ? 'AWAITING_VIEWER' : isPlanned ? 'PLANNED' : 'ALL',
      serviceProvider: decodeProviderFilter(serviceProviderId),
    } as const;
    const page = await listBulkOperations(ctx, filter, parsePage(first, after, OPERATION_ORDER));
    return new PageView(page, {
      order: OPERATION_ORDER,
      node: (row) => new BulkOperationType(row),
      position: positionOfOperation,
      count: () => countListedBulkOperations(ctx, filter),
    });
  }

  @FieldResolver(() => BulkResultConnection, {
    description:
      'Of the organizations that it has gone through. Of an ALL_OR_NOTHING run that was refused: of those that refused it and those that would have stayed as they were; the others were not changed, and would have been. None of an import: `GET /imports/{id}/report` tells of each row of its file.',
  })
  async results(
    @Root() { row: operation }: BulkOperationType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('outcome', () => BulkOutcomeEnum, { nullable: true }) given: BulkOutcome | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<BulkResultType>> {
    const outcome = given ?? null;
    const page = await listResults(ctx, operation, outcome, parsePage(first, after, RESULT_ORDER));
    return new PageView(page, {
      order: RESULT_ORDER,
      node: (row) => new BulkResultType(row),
      position: (result) => positionOfResult({ operation, result }),
      count: () => countListedResults(ctx, operation, outcome),
    });
  }

  @Mutation(() => SyncApiKeyPayload, {
    description:
      'The same string in many organizations, each by the rules of `editApiKey`. Many are done in the background: look at the operation again, or subscribe to it. Cannot be undone.',
  })
  syncApiKey(
    @Arg('input', () => SyncApiKeyInput) input: SyncApiKeyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<SyncApiKeyPayload>> {
    const newKey = input.newKey == null ? null : new Secret(input.newKey);
    const newKeyFrom = input.newKeyFrom == null ? null : (decodeOrganizationId(input.newKeyFrom) ?? 'UNKNOWN');
    return answer(ctx, async () => {
      const { operation, keyString } = await syncApiKey(ctx, { ...toTarget(input), newKey, newKeyFrom });
      return { ref: operation, keyString: keyString?.expose() ?? null };
    });
  }

  @Mutation(() => BulkOperationPayload, {
    description: 'What is not done yet is left; what is done stays. A running operation ends after what it is at.',
  })
  cancelBulkOperation(
    @Arg('id', () => ID) id: string,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<BulkOperationPayload>> {
    const cancel = async () => ({ ref: await cancelBulkOperation(ctx, { operation: decodeBulkOperationId(id) }) });
    return answer(ctx, cancel, []);
  }
}

@Resolver(() => BulkResultType)
export class BulkResultResolver {
  @FieldResolver(() => OrganizationType, {
    description: 'Of an id that names nothing here: one with that id and nothing else.',
  })
  async organization(
    @Root() { row, organizationId: id }: BulkResultType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<OrganizationType> {
    const { rootProviderId, organizationId } = row;
    const found = organizationId === null ? null : await findOrganizationType(ctx, { rootProviderId, organizationId });
    return found ?? new UnknownOrganizationType(id);
  }
}

@Resolver(() => SyncApiKeyPayload)
export class SyncApiKeyPayloadResolver {
  @FieldResolver(() => BulkOperationType, { nullable: true })
  operation(@Root() { ref }: SyncApiKeyPayload, @Ctx() ctx: GraphQLContext): Promise<BulkOperationType | null> | null {
    return ref === undefined ? null : findBulkOperationType(ctx, ref);
  }
}

@Resolver(() => BulkOperationPayload)
export class BulkOperationPayloadResolver {
  @FieldResolver(() => BulkOperationType, { nullable: true })
  operation(
    @Root() { ref }: BulkOperationPayload,
    @Ctx() ctx: GraphQLContext,
  ): Promise<BulkOperationType | null> | null {
    return ref === undefined ? null : findBulkOperationType(ctx, ref);
  }
}

export async function findBulkOperationType(
  ctx: GraphQLContext,
  ref: BulkOperationRef,
): Promise<BulkOperationType | null> {
  const row = await lookUpBulkOperation(ctx, ref);
  return row === null ? null : new BulkOperationType(row);
}
