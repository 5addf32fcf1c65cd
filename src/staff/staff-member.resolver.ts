import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { NIL_ID, type StaffMemberId } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { findProviderType } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { CustomRoleType } from './custom-role.type.ts';
import {
  countStaffMembers,
  listStaffMembers,
  lookUpStaffMember,
  positionOf,
  STAFF_ORDER,
} from './list-staff-members.ts';
import { StaffMemberConnection, StaffMemberFilter, StaffMemberType } from './staff-member.type.ts';

@Resolver(() => StaffMemberType)
export class StaffMemberResolver {
  @Query(() => StaffMemberConnection, { description: 'Everybody in sight, by user name. Needs `staff:manage`.' })
  async staffMembers(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('filter', () => StaffMemberFilter, { nullable: true }) input: StaffMemberFilter | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<StaffMemberType>> {
    const filter = toFilter(input ?? {});
    const page = await listStaffMembers(ctx, filter, parsePage(first, after, STAFF_ORDER));
    return new PageView(page, {
      order: STAFF_ORDER,
      node: (row) => new StaffMemberType(row),
      position: positionOf,
      count: () => countStaffMembers(ctx, filter),
    });
  }

  @FieldResolver(() => ServiceProviderType, { nullable: true, description: 'Null for staff of the platform.' })
  serviceProvider(
    @Root() { row }: StaffMemberType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ServiceProviderType | null> | null {
    const { rootProviderId, providerId } = row;
    return providerId === null ? null : findProviderType(ctx, { rootProviderId, serviceProviderId: providerId });
  }

  @FieldResolver(() => OrganizationType, { nullable: true, description: 'Null for staff.' })
  organization(@Root() { row }: StaffMemberType, @Ctx() ctx: GraphQLContext): Promise<OrganizationType | null> | null {
    const { rootProviderId, organizationId } = row;
    return organizationId === null ? null : findOrganizationType(ctx, { rootProviderId, organizationId });
  }

  @FieldResolver(() => CustomRoleType, {
    nullable: true,
    description:
      'Null for whoever has a role that comes with the product, and when the provider that defined it is out of sight.',
  })
  async customRole(@Root() { row }: StaffMemberType, @Ctx() ctx: GraphQLContext): Promise<CustomRoleType | null> {
    const { rootProviderId, customRoleId } = row;
    const found = customRoleId === null ? null : await ctx.loaders.customRole.load({ rootProviderId, customRoleId });
    return found === null ? null : new CustomRoleType(found);
  }
}

/** An id that names nothing matches nobody. */
function toFilter({ serviceProviderId, organizationId, search, isActive }: StaffMemberFilter) {
  const noProvider = { rootProviderId: NIL_ID, serviceProviderId: NIL_ID };
  const noOrganization = { rootProviderId: NIL_ID, organizationId: NIL_ID };
  return {
    serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? noProvider),
    organization: organizationId == null ? null : (decodeOrganizationId(organizationId) ?? noOrganization),
    search: search ?? null,
    isActive: isActive ?? null,
  };
}

export async function findStaffMemberType(ctx: GraphQLContext, id: StaffMemberId): Promise<StaffMemberType | null> {
  const row = await lookUpStaffMember(ctx, id);
  return row === null ? null : new StaffMemberType(row);
}
