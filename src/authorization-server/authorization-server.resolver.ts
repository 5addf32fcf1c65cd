import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { decodeAuthorizationServerId, decodeOrganizationId, encodeGlobalId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import { requirePermission } from '../identity/authorize.ts';
import type { AuthorizationServerRef } from '../ids.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import {
  AuthorizationServerInput,
  CreateAuthorizationServerInput,
  UpdateAuthorizationServerInput,
} from './authorization-server.input.ts';
import {
  createAuthorizationServer,
  deleteAuthorizationServer,
  disableAuthorizationServer,
  enableAuthorizationServer,
  updateAuthorizationServer,
} from './authorization-server.service.ts';
import {
  AuthorizationServerPayload,
  AuthorizationServerType,
  DeleteAuthorizationServerPayload,
} from './authorization-server.type.ts';
import { lookUpAuthorizationServer } from './look-up-authorization-server.ts';

@Resolver(() => OrganizationType)
export class AuthorizationServerResolver {
  @FieldResolver(() => [AuthorizationServerType], { description: 'Two at most, the oldest first.' })
  async authorizationServers(
    @Root() { row }: OrganizationType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<AuthorizationServerType[]> {
    requirePermission(ctx.actor, 'apiKey:view');
    const servers = await ctx.loaders.authorizationServers.load(row);
    return servers.map((server) => new AuthorizationServerType(server));
  }

  @Mutation(() => AuthorizationServerPayload, {
    description: 'Needs `apiKey:manage`. The new one is enabled, unless the other one is.',
  })
  createAuthorizationServer(
    @Arg('input', () => CreateAuthorizationServerInput) input: CreateAuthorizationServerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<AuthorizationServerPayload>> {
    return answer(ctx, async () => {
      const { name, issuer, jwksUrl, audience } = input;
      const ref = await createAuthorizationServer(ctx, {
        organization: decodeOrganizationId(input.organizationId),
        ...{ name, issuer, jwksUrl, audience },
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return toPayload(ctx, ref);
    });
  }

  @Mutation(() => AuthorizationServerPayload, {
    description: 'Tokens that the old settings alone would take are refused at once.',
  })
  updateAuthorizationServer(
    @Arg('input', () => UpdateAuthorizationServerInput) input: UpdateAuthorizationServerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<AuthorizationServerPayload>> {
    return answer(ctx, async () => {
      const ref = await updateAuthorizationServer(ctx, {
        ...commandOf(input),
        name: input.name ?? undefined,
        issuer: input.issuer ?? undefined,
        jwksUrl: input.jwksUrl ?? undefined,
        audience: input.audience ?? undefined,
      });
      return toPayload(ctx, ref);
    });
  }

  @Mutation(() => AuthorizationServerPayload, { description: 'Disables the other one in the same moment.' })
  enableAuthorizationServer(
    @Arg('input', () => AuthorizationServerInput) input: AuthorizationServerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<AuthorizationServerPayload>> {
    return answer(ctx, async () => toPayload(ctx, await enableAuthorizationServer(ctx, commandOf(input))));
  }

  @Mutation(() => AuthorizationServerPayload, { description: 'Its tokens are refused at once.' })
  disableAuthorizationServer(
    @Arg('input', () => AuthorizationServerInput) input: AuthorizationServerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<AuthorizationServerPayload>> {
    return answer(ctx, async () => toPayload(ctx, await disableAuthorizationServer(ctx, commandOf(input))));
  }

  @Mutation(() => DeleteAuthorizationServerPayload, { description: 'Its tokens are refused at once.' })
  deleteAuthorizationServer(
    @Arg('input', () => AuthorizationServerInput) input: AuthorizationServerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteAuthorizationServerPayload>> {
    return answer(ctx, async () => {
      const { rootProviderId, authorizationServerId } = await deleteAuthorizationServer(ctx, commandOf(input));
      return {
        deletedAuthorizationServerId: encodeGlobalId('AuthorizationServer', rootProviderId, authorizationServerId),
      };
    });
  }
}

function commandOf(input: AuthorizationServerInput | UpdateAuthorizationServerInput) {
  return {
    authorizationServer: decodeAuthorizationServerId(input.authorizationServerId),
    expectedVersion: input.expectedVersion ?? null,
    idempotencyKey: input.idempotencyKey ?? null,
  };
}

async function toPayload(ctx: GraphQLContext, ref: AuthorizationServerRef) {
  return { authorizationServer: await findAuthorizationServerType(ctx, ref) };
}

export async function findAuthorizationServerType(
  ctx: GraphQLContext,
  ref: AuthorizationServerRef,
): Promise<AuthorizationServerType | null> {
  const row = await lookUpAuthorizationServer(ctx, ref);
  return row === null ? null : new AuthorizationServerType(row);
}
