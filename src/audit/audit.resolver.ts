import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeActorId, decodeOrganizationId, decodeProviderFilter } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { NIL_ID } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { AuditEventConnection, AuditEventFilterInput, AuditEventType } from './audit-event.type.ts';
import {
  AUDIT_ORDER,
  type AuditEventFilter,
  countAuditEvents,
  listAuditEvents,
  positionOf,
} from './list-audit-events.ts';

@Resolver(() => AuditEventType)
export class AuditResolver {
  @Query(() => AuditEventConnection, { description: 'The newest first. Needs `audit:view`.' })
  async auditEvents(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('filter', () => AuditEventFilterInput, { nullable: true }) input: AuditEventFilterInput | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<AuditEventType>> {
    const filter = toFilter(input ?? {});
    const page = await listAuditEvents(ctx, filter, parsePage(first, after, AUDIT_ORDER));
    return new PageView(page, {
      order: AUDIT_ORDER,
      node: (row) => new AuditEventType(row),
      position: positionOf,
      count: () => countAuditEvents(ctx, filter),
    });
  }

  @FieldResolver(() => OrganizationType, { nullable: true })
  organization(@Root() { row }: AuditEventType, @Ctx() ctx: GraphQLContext): Promise<OrganizationType | null> | null {
    const { rootProviderId, organizationId } = row;
    return organizationId === null ? null : findOrganizationType(ctx, { rootProviderId, organizationId });
  }
}

/** An id that names nothing matches nothing. */
function toFilter(input: AuditEventFilterInput): AuditEventFilter {
  const { organizationId, actorId, serviceProviderId } = input;
  const nowhere = { rootProviderId: NIL_ID, organizationId: NIL_ID };
  return {
    serviceProvider: decodeProviderFilter(serviceProviderId),
    organization: organizationId == null ? null : (decodeOrganizationId(organizationId) ?? nowhere),
    actorId: actorId == null ? null : (decodeActorId(actorId) ?? NIL_ID),
    actions: input.action ?? null,
    refused: input.refused ?? null,
    since: input.since ?? null,
    until: input.until ?? null,
  };
}
