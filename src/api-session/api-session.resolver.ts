import { Arg, Ctx, Extensions, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeApiSessionId, decodeOrganizationId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { ApiSessionRef } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { EndApiSessionInput, EndApiSessionsInput } from './api-session.input.ts';
import { ApiSessionConnection, ApiSessionType, EndApiSessionPayload } from './api-session.type.ts';
import { type EndedApiSessions, endApiSession, endApiSessions } from './end-api-session.service.ts';
import {
  API_SESSION_ORDER,
  countApiSessions,
  listApiSessions,
  lookUpApiSession,
  positionOf,
} from './list-api-sessions.ts';

/** Those of several organizations are found one after the other. */
const A_STATEMENT = { cost: 10 };

@Resolver(() => OrganizationType)
export class ApiSessionResolver {
  @Extensions(A_STATEMENT)
  @FieldResolver(() => ApiSessionConnection, { description: 'Those that live, the newest first. Needs `audit:view`.' })
  async apiSessions(
    @Root() { row: organization }: OrganizationType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<ApiSessionType>> {
    const page = await listApiSessions(ctx, organization, parsePage(first, after, API_SESSION_ORDER));
    return new PageView(page, {
      order: API_SESSION_ORDER,
      node: (row) => new ApiSessionType(row, ctx.apiSessionSettings.idleTimeoutMs),
      position: positionOf,
      count: () => countApiSessions(ctx, organization),
    });
  }

  @Mutation(() => EndApiSessionPayload, { description: 'Its client must log in again. Needs `apiKey:manage`.' })
  endApiSession(
    @Arg('input', () => EndApiSessionInput) { apiSessionId, idempotencyKey }: EndApiSessionInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<EndApiSessionPayload>> {
    return answer(ctx, async () => {
      const input = { apiSession: decodeApiSessionId(apiSessionId), idempotencyKey: idempotencyKey ?? null };
      return toPayload(ctx, await endApiSession(ctx, input));
    });
  }

  @Mutation(() => EndApiSessionPayload, {
    description: "All of the organization's: its clients must log in again. Needs `apiKey:manage`.",
  })
  endApiSessions(
    @Arg('input', () => EndApiSessionsInput) { organizationId, idempotencyKey }: EndApiSessionsInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<EndApiSessionPayload>> {
    return answer(ctx, async () => {
      const input = { organization: decodeOrganizationId(organizationId), idempotencyKey: idempotencyKey ?? null };
      return toPayload(ctx, await endApiSessions(ctx, input));
    });
  }
}

async function toPayload(ctx: GraphQLContext, { organization, endedCount }: EndedApiSessions) {
  return { organization: await findOrganizationType(ctx, organization), endedCount };
}

/** Null when it has ended, is out of sight, or the caller may not see sessions. */
export async function findApiSessionType(ctx: GraphQLContext, ref: ApiSessionRef): Promise<ApiSessionType | null> {
  const row = await lookUpApiSession(ctx, ref);
  return row === null ? null : new ApiSessionType(row, ctx.apiSessionSettings.idleTimeoutMs);
}
