import { Arg, Ctx, Extensions, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import { decodeDelegationId, decodeOrganizationId, decodeServiceProviderId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { DelegationRef } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { acceptDelegation, endDelegation } from './answer-delegation.service.ts';
import {
  AcceptDelegationInput,
  DelegationFilterInput,
  EndDelegationInput,
  GrantDelegationInput,
} from './delegation.input.ts';
import { type Delegation, MOST_ORGANIZATIONS, sideOf } from './delegation.ts';
import { DelegationConnection, DelegationPayload, DelegationType } from './delegation.type.ts';
import { grantDelegation } from './grant-delegation.service.ts';
import {
  countListedDelegations,
  DELEGATION_ORDER,
  listDelegations,
  lookUpDelegation,
  positionOf,
} from './list-delegations.service.ts';

@Resolver(() => DelegationType)
export class DelegationResolver {
  @Query(() => DelegationConnection, {
    description:
      'The newest first. Needs `staff:manage`; but the active ones received, under which everybody at the grantee may act, everybody there may list.',
  })
  async delegations(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('filter', () => DelegationFilterInput, { nullable: true }) input: DelegationFilterInput | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<DelegationType>> {
    const filter = {
      side: input?.side ?? null,
      isActive: input?.isActive ?? null,
      status: input?.status ?? null,
    };
    const page = await listDelegations(ctx, filter, parsePage(first, after, DELEGATION_ORDER));
    return new PageView(page, {
      order: DELEGATION_ORDER,
      node: (row) => toType(ctx, row),
      position: positionOf,
      count: () => countListedDelegations(ctx, filter),
    });
  }

  @Extensions({ listLength: MOST_ORGANIZATIONS })
  @FieldResolver(() => [OrganizationType], {
    nullable: true,
    description: 'Null on the receiving side: it sees them while it acts under the delegation.',
  })
  async organizations(
    @Root() { row, side }: DelegationType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<OrganizationType[] | null> {
    if (side !== 'GRANTED') return null;
    const { rootProviderId, organizationIds } = row;
    const found = await Promise.all(
      organizationIds.map((organizationId) => findOrganizationType(ctx, { rootProviderId, organizationId })),
    );
    return found.filter((organization) => organization !== null);
  }

  @Mutation(() => DelegationPayload, {
    description:
      'Lends a role on organizations to the staff of another provider, until a date. Nobody lends what they do not hold, and nothing is lent before the other side accepts.',
  })
  grantDelegation(
    @Arg('input', () => GrantDelegationInput) input: GrantDelegationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DelegationPayload>> {
    return answer(ctx, async () => {
      const ref = await grantDelegation(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        organizations: input.organizationIds.map(decodeOrganizationId),
        grantee: decodeServiceProviderId(input.granteeServiceProviderId),
        role: input.role,
        expiresAt: input.expiresAt,
        note: input.note ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { delegation: await findDelegationType(ctx, ref) };
    });
  }

  @Mutation(() => DelegationPayload, {
    description:
      'For the grantee. Accepting an active one again changes nothing; one that is over is `DELEGATION_ENDED`.',
  })
  acceptDelegation(
    @Arg('input', () => AcceptDelegationInput) input: AcceptDelegationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DelegationPayload>> {
    return answer(ctx, async () => ({
      delegation: await findDelegationType(ctx, await acceptDelegation(ctx, namedBy(input))),
    }));
  }

  @Mutation(() => DelegationPayload, {
    description: 'For either side, for the very next request. One that is over already is `DELEGATION_ENDED`.',
  })
  endDelegation(
    @Arg('input', () => EndDelegationInput) input: EndDelegationInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DelegationPayload>> {
    return answer(ctx, async () => {
      const ref = await endDelegation(ctx, { ...namedBy(input), note: input.note ?? null });
      return { delegation: await findDelegationType(ctx, ref) };
    });
  }
}

function namedBy({ delegationId, idempotencyKey }: AcceptDelegationInput) {
  return { delegation: decodeDelegationId(delegationId), idempotencyKey: idempotencyKey ?? null };
}

export async function findDelegationType(ctx: GraphQLContext, ref: DelegationRef): Promise<DelegationType | null> {
  const row = await lookUpDelegation(ctx, ref);
  return row === null ? null : toType(ctx, row);
}

function toType({ actor, now }: GraphQLContext, row: Delegation): DelegationType {
  const side = sideOf(actor.scope, row);
  if (side === null) throw new Error('a delegation out of sight was looked up');
  return new DelegationType(row, side, now);
}
