import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import {
  decodeOrganizationGroupId,
  decodeOrganizationId,
  decodeProviderFilter,
  decodeRotationPolicyId,
  decodeServiceProviderId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { RotationPolicyRef } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { findOrganizationGroupType } from '../organization-group/organization-group.resolver.ts';
import { OrganizationGroupType } from '../organization-group/organization-group.type.ts';
import { parsePage } from '../page.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import {
  countRotationPolicies,
  listRotationPolicies,
  lookUpRotationPolicy,
  POLICY_ORDER,
} from './list-rotation-policies.ts';
import {
  CreateRotationPolicyInput,
  DeleteRotationPolicyInput,
  toTerms,
  UpdateRotationPolicyInput,
} from './rotation-policy.input.ts';
import { createRotationPolicy, deleteRotationPolicy, updateRotationPolicy } from './rotation-policy.service.ts';
import { newTermsFor, positionOf } from './rotation-policy.ts';
import {
  DeleteRotationPolicyPayload,
  RotationPolicyConnection,
  RotationPolicyPayload,
  RotationPolicyType,
} from './rotation-policy.type.ts';

@Resolver(() => RotationPolicyType)
export class RotationPolicyResolver {
  @Query(() => RotationPolicyConnection, { description: 'Every one in sight, the oldest first.' })
  async rotationPolicies(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description: 'Of this provider and the resellers below it.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<RotationPolicyType>> {
    const provider = decodeProviderFilter(serviceProviderId);
    const page = await listRotationPolicies(ctx, provider, parsePage(first, after, POLICY_ORDER));
    return new PageView(page, {
      order: POLICY_ORDER,
      node: (row) => new RotationPolicyType(row),
      position: positionOf,
      count: () => countRotationPolicies(ctx, provider),
    });
  }

  @FieldResolver(() => ServiceProviderType, { description: 'Whose it is.' })
  serviceProvider(@Root() { row }: RotationPolicyType, @Ctx() ctx: GraphQLContext): Promise<ServiceProviderType> {
    return providerOf(ctx, row);
  }

  @FieldResolver(() => OrganizationGroupType, {
    nullable: true,
    description: 'The group that it is for; null as well once that is gone: then it holds for nobody.',
  })
  organizationGroup(
    @Root() { row }: RotationPolicyType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<OrganizationGroupType | null> | null {
    const { rootProviderId, groupId } = row;
    return groupId === null ? null : findOrganizationGroupType(ctx, { rootProviderId, organizationGroupId: groupId });
  }

  @FieldResolver(() => OrganizationType, { nullable: true, description: 'The one organization that it is for.' })
  organization(
    @Root() { row }: RotationPolicyType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<OrganizationType | null> | null {
    const { rootProviderId, ofOrganizationId: organizationId } = row;
    return organizationId === null ? null : findOrganizationType(ctx, { rootProviderId, organizationId });
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is for one group alone, which may be gone.' })
  isForGroup(@Root() { row }: RotationPolicyType): boolean {
    return row.groupId !== null;
  }

  @Mutation(() => RotationPolicyPayload, { description: 'Needs `rotation:manage`.' })
  createRotationPolicy(
    @Arg('input', () => CreateRotationPolicyInput) input: CreateRotationPolicyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<RotationPolicyPayload>> {
    return answer(ctx, async () => {
      const { serviceProviderId, organizationGroupId, organizationId, name, maximumAgeDays, mode } = input;
      const ref = await createRotationPolicy(ctx, {
        place: {
          serviceProvider: given(serviceProviderId, decodeServiceProviderId),
          group: given(organizationGroupId, decodeOrganizationGroupId),
          organization: given(organizationId, decodeOrganizationId),
        },
        terms: { ...newTermsFor(maximumAgeDays), ...toTerms(input), name, maximumAgeDays, mode },
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { rotationPolicy: await findRotationPolicyType(ctx, ref) };
    });
  }

  @Mutation(() => RotationPolicyPayload, {
    description: 'When it says anything else than before, its keys are told of anew before any is rotated.',
  })
  updateRotationPolicy(
    @Arg('input', () => UpdateRotationPolicyInput) input: UpdateRotationPolicyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<RotationPolicyPayload>> {
    return answer(ctx, async () => {
      const { rotationPolicyId, name, maximumAgeDays, mode } = input;
      const ref = await updateRotationPolicy(ctx, {
        rotationPolicy: decodeRotationPolicyId(rotationPolicyId),
        terms: {
          ...toTerms(input),
          ...(name == null ? {} : { name }),
          ...(maximumAgeDays == null ? {} : { maximumAgeDays }),
          ...(mode == null ? {} : { mode }),
        },
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { rotationPolicy: await findRotationPolicyType(ctx, ref) };
    });
  }

  @Mutation(() => DeleteRotationPolicyPayload, { description: 'Keys and operations under way are not touched.' })
  deleteRotationPolicy(
    @Arg('input', () => DeleteRotationPolicyInput) input: DeleteRotationPolicyInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteRotationPolicyPayload>> {
    return answer(ctx, async () => {
      const { rotationPolicyId, idempotencyKey = null } = input;
      await deleteRotationPolicy(ctx, { rotationPolicy: decodeRotationPolicyId(rotationPolicyId), idempotencyKey });
      return { deletedId: rotationPolicyId };
    });
  }
}

export async function findRotationPolicyType(
  ctx: GraphQLContext,
  ref: RotationPolicyRef,
): Promise<RotationPolicyType | null> {
  const row = await lookUpRotationPolicy(ctx, ref);
  return row === null ? null : new RotationPolicyType(row);
}

function given<Ref>(id: string | null | undefined, decode: (text: string) => Ref | null): Ref | 'UNKNOWN' | null {
  return id == null ? null : (decode(id) ?? 'UNKNOWN');
}
