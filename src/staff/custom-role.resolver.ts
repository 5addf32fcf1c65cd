import { Arg, Ctx, Extensions, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { decodeCustomRoleId, decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { CustomRoleRef } from '../ids.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { CreateCustomRoleInput, DeleteCustomRoleInput, UpdateCustomRoleInput } from './custom-role.input.ts';
import { createCustomRole, deleteCustomRole, updateCustomRole } from './custom-role.service.ts';
import { CustomRolePayload, CustomRoleType, DeleteCustomRolePayload, RoleChoiceType } from './custom-role.type.ts';
import { listRoles, lookUpCustomRole } from './list-roles.ts';

/** A provider has some of its own, and may use those of the providers above it. */
const MANY_ROLES = { listLength: 100 };

@Resolver(() => CustomRoleType)
export class CustomRoleResolver {
  @Extensions(MANY_ROLES)
  @Query(() => [RoleChoiceType], {
    description:
      'The roles for staff of a provider, for people of an organization or, with neither, for staff of the platform. Needs `staff:manage`.',
  })
  async roles(
    @Arg('serviceProviderId', () => ID, { nullable: true }) serviceProviderId: string | null,
    @Arg('organizationId', () => ID, { nullable: true }) organizationId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<RoleChoiceType[]> {
    const choices = await listRoles(ctx, {
      serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? 'UNKNOWN'),
      organization: organizationId == null ? null : (decodeOrganizationId(organizationId) ?? 'UNKNOWN'),
    });
    return choices.map((choice) => new RoleChoiceType(choice));
  }

  @FieldResolver(() => ServiceProviderType, { description: 'The one that defined it.' })
  serviceProvider(@Root() { row }: CustomRoleType, @Ctx() ctx: GraphQLContext): Promise<ServiceProviderType> {
    return providerOf(ctx, row);
  }

  @Mutation(() => CustomRolePayload)
  createCustomRole(
    @Arg('input', () => CreateCustomRoleInput) input: CreateCustomRoleInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<CustomRolePayload>> {
    return answer(ctx, async () => {
      const ref = await createCustomRole(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        name: input.name,
        permissions: input.permissions,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { customRole: await findCustomRoleType(ctx, ref) };
    });
  }

  @Mutation(() => CustomRolePayload, { description: 'Another bundle ends the sessions of whoever has the role.' })
  updateCustomRole(
    @Arg('input', () => UpdateCustomRoleInput) input: UpdateCustomRoleInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<CustomRolePayload>> {
    return answer(ctx, async () => {
      const ref = await updateCustomRole(ctx, {
        customRole: decodeCustomRoleId(input.customRoleId),
        name: input.name ?? null,
        permissions: input.permissions ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { customRole: await findCustomRoleType(ctx, ref) };
    });
  }

  @Mutation(() => DeleteCustomRolePayload, { description: 'Only while nobody has it.' })
  deleteCustomRole(
    @Arg('input', () => DeleteCustomRoleInput) input: DeleteCustomRoleInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteCustomRolePayload>> {
    return answer(ctx, async () => {
      const { customRoleId, idempotencyKey = null } = input;
      await deleteCustomRole(ctx, { customRole: decodeCustomRoleId(customRoleId), idempotencyKey });
      return { deletedId: customRoleId };
    });
  }
}

export async function findCustomRoleType(ctx: GraphQLContext, ref: CustomRoleRef): Promise<CustomRoleType | null> {
  const row = await lookUpCustomRole(ctx, ref);
  return row === null ? null : new CustomRoleType(row);
}
