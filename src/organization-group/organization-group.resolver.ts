import { Arg, Ctx, Extensions, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { byName, toFleetConnection } from '../fleet/fleet.resolver.ts';
import { WHOLE_FLEET } from '../fleet/fleet.ts';
import { toFilter } from '../fleet/to-filter.input.ts';
import { type Connection, PageView } from '../graphql/connection.ts';
import {
  decodeOrganizationGroupId,
  decodeOrganizationId,
  decodeProviderFilter,
  decodeServiceProviderId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { OrganizationGroupRef } from '../ids.ts';
import { OrganizationConnection, type OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import {
  countOrganizationGroups,
  GROUP_ORDER,
  listOrganizationGroups,
  lookUpOrganizationGroup,
} from './list-organization-groups.ts';
import {
  CreateOrganizationGroupInput,
  DeleteOrganizationGroupInput,
  UpdateOrganizationGroupInput,
} from './organization-group.input.ts';
import {
  createOrganizationGroup,
  deleteOrganizationGroup,
  updateOrganizationGroup,
} from './organization-group.service.ts';
import { positionOf } from './organization-group.ts';
import {
  DeleteOrganizationGroupPayload,
  OrganizationGroupConnection,
  OrganizationGroupPayload,
  OrganizationGroupType,
} from './organization-group.type.ts';

/** Groups by filter are found one by one. */
const A_STATEMENT = { cost: 10 };

@Resolver(() => OrganizationGroupType)
export class OrganizationGroupResolver {
  @Query(() => OrganizationGroupConnection, { description: 'Every saved group in sight, by name.' })
  async organizationGroups(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description: 'Of this provider and the resellers below it.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationGroupType>> {
    const provider = decodeProviderFilter(serviceProviderId);
    const page = await listOrganizationGroups(ctx, provider, parsePage(first, after, GROUP_ORDER));
    return new PageView(page, {
      order: GROUP_ORDER,
      node: (row) => new OrganizationGroupType(row),
      position: positionOf,
      count: () => countOrganizationGroups(ctx, provider),
    });
  }

  @FieldResolver(() => ServiceProviderType, {
    description: 'Whose it is: it and the resellers below it have its members.',
  })
  serviceProvider(@Root() { row }: OrganizationGroupType, @Ctx() ctx: GraphQLContext): Promise<ServiceProviderType> {
    return providerOf(ctx, row);
  }

  @Extensions(A_STATEMENT)
  @FieldResolver(() => Int)
  organizationCount(@Root() { row }: OrganizationGroupType, @Ctx() ctx: GraphQLContext): Promise<number> {
    return ctx.loaders.groupCount.load({ parent: row, ask: WHOLE_FLEET });
  }

  @Extensions(A_STATEMENT)
  @FieldResolver(() => OrganizationConnection, { description: 'By name.' })
  async organizations(
    @Root() { row }: OrganizationGroupType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<OrganizationType>> {
    const ask = byName(WHOLE_FLEET, first, after);
    const page = await ctx.loaders.groupPage.load({ parent: row, ask });
    return toFleetConnection(ask, page, () => ctx.loaders.groupCount.load({ parent: row, ask: WHOLE_FLEET }));
  }

  @Mutation(() => OrganizationGroupPayload)
  createOrganizationGroup(
    @Arg('input', () => CreateOrganizationGroupInput) input: CreateOrganizationGroupInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<OrganizationGroupPayload>> {
    return answer(ctx, async () => {
      const ref = await createOrganizationGroup(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        name: input.name,
        members: input.organizationIds?.map(decodeOrganizationId) ?? null,
        filter: input.filter == null ? null : toFilter(input.filter),
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { organizationGroup: await findOrganizationGroupType(ctx, ref) };
    });
  }

  @Mutation(() => OrganizationGroupPayload)
  updateOrganizationGroup(
    @Arg('input', () => UpdateOrganizationGroupInput) input: UpdateOrganizationGroupInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<OrganizationGroupPayload>> {
    return answer(ctx, async () => {
      const ref = await updateOrganizationGroup(ctx, {
        organizationGroup: decodeOrganizationGroupId(input.organizationGroupId),
        name: input.name ?? null,
        filter: input.filter == null ? null : toFilter(input.filter),
        add: input.addOrganizationIds?.map(decodeOrganizationId) ?? [],
        remove: input.removeOrganizationIds?.map(decodeOrganizationId) ?? [],
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { organizationGroup: await findOrganizationGroupType(ctx, ref) };
    });
  }

  @Mutation(() => DeleteOrganizationGroupPayload, { description: 'The organizations in it are not touched.' })
  deleteOrganizationGroup(
    @Arg('input', () => DeleteOrganizationGroupInput) input: DeleteOrganizationGroupInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteOrganizationGroupPayload>> {
    return answer(ctx, async () => {
      const { organizationGroupId, idempotencyKey = null } = input;
      const organizationGroup = decodeOrganizationGroupId(organizationGroupId);
      await deleteOrganizationGroup(ctx, { organizationGroup, idempotencyKey });
      return { deletedId: organizationGroupId };
    });
  }
}

export async function findOrganizationGroupType(
  ctx: GraphQLContext,
  ref: OrganizationGroupRef,
): Promise<OrganizationGroupType | null> {
  const row = await lookUpOrganizationGroup(ctx, ref);
  return row === null ? null : new OrganizationGroupType(row);
}
