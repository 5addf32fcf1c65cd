import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import {
  decodeCustomRoleId,
  decodeProviderFilter,
  decodeServiceProviderId,
  decodeTrustedIssuerId,
  encodeGlobalId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { TrustedIssuerRef } from '../ids.ts';
import { parsePage } from '../page.ts';
import { Secret } from '../secrets/secret.ts';
import { findProviderType } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import { deleteTrustedIssuer, updateTrustedIssuer } from './change-trusted-issuer.service.ts';
import type { NamedMapping } from './find-mapping.ts';
import {
  countIssuersInSight,
  ISSUER_ORDER,
  listTrustedIssuers,
  lookUpTrustedIssuer,
  positionOf,
} from './list-trusted-issuers.ts';
import { redirectUriOf, signInUrlOf } from './sign-in-url.ts';
import {
  CreateTrustedIssuerInput,
  DeleteTrustedIssuerInput,
  type RoleMappingInput,
  UpdateTrustedIssuerInput,
} from './trusted-issuer.input.ts';
import { createTrustedIssuer } from './trusted-issuer.service.ts';
import {
  DeleteTrustedIssuerPayload,
  TrustedIssuerConnection,
  TrustedIssuerPayload,
  TrustedIssuerType,
} from './trusted-issuer.type.ts';

@Resolver(() => TrustedIssuerType)
export class TrustedIssuerResolver {
  @Query(() => TrustedIssuerConnection, { description: 'Every one in sight, the oldest first. Needs `staff:manage`.' })
  async trustedIssuers(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description: 'Of this provider and the resellers below it.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<TrustedIssuerType>> {
    const provider = decodeProviderFilter(serviceProviderId);
    const page = await listTrustedIssuers(ctx, provider, parsePage(first, after, ISSUER_ORDER));
    return new PageView(page, {
      order: ISSUER_ORDER,
      node: (row) => new TrustedIssuerType(row),
      position: positionOf,
      count: () => countIssuersInSight(ctx, provider),
    });
  }

  @FieldResolver(() => ServiceProviderType, { nullable: true, description: "Null for the platform's own." })
  serviceProvider(
    @Root() { row }: TrustedIssuerType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ServiceProviderType | null> | null {
    const { rootProviderId, providerId } = row;
    return providerId === null ? null : findProviderType(ctx, { rootProviderId, serviceProviderId: providerId });
  }

  @FieldResolver(() => String, { nullable: true, description: 'Where its people sign in; null without a client id.' })
  signInUrl(@Root() issuer: TrustedIssuerType, @Ctx() ctx: GraphQLContext): string | null {
    return issuer.row.clientId === null ? null : signInUrlOf(ctx.publicUrl, issuer.id);
  }

  @FieldResolver(() => String, { description: 'What to register at the issuer as the redirect URI of the client.' })
  redirectUri(@Ctx() ctx: GraphQLContext): string {
    return redirectUriOf(ctx.publicUrl);
  }

  @Mutation(() => TrustedIssuerPayload, { description: 'Needs `staff:manage`, and every role of the mapping to give.' })
  createTrustedIssuer(
    @Arg('input', () => CreateTrustedIssuerInput) input: CreateTrustedIssuerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<TrustedIssuerPayload>> {
    return answer(ctx, async () => {
      const { serviceProviderId, clientSecret } = input;
      const ref = await createTrustedIssuer(ctx, {
        serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? 'UNKNOWN'),
        name: input.name,
        issuer: input.issuer,
        audience: input.audience,
        clientId: input.clientId ?? null,
        clientSecret: clientSecret == null ? null : new Secret(clientSecret),
        roleClaim: input.roleClaim,
        roleMapping: input.roleMapping.map(toMapping),
        domains: input.domains ?? [],
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { trustedIssuer: await findTrustedIssuerType(ctx, ref) };
    });
  }

  @Mutation(() => TrustedIssuerPayload, {
    description: 'Ends the sessions of all who came in by it, unless only the name changes.',
  })
  updateTrustedIssuer(
    @Arg('input', () => UpdateTrustedIssuerInput) input: UpdateTrustedIssuerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<TrustedIssuerPayload>> {
    return answer(ctx, async () => {
      const { clientSecret } = input;
      const ref = await updateTrustedIssuer(ctx, {
        trustedIssuer: decodeTrustedIssuerId(input.trustedIssuerId),
        name: input.name ?? undefined,
        clientId: input.clientId,
        clientSecret: clientSecret == null ? clientSecret : new Secret(clientSecret),
        roleClaim: input.roleClaim ?? undefined,
        roleMapping: input.roleMapping?.map(toMapping),
        domains: input.domains ?? undefined,
        isEnabled: input.isEnabled ?? undefined,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { trustedIssuer: await findTrustedIssuerType(ctx, ref) };
    });
  }

  @Mutation(() => DeleteTrustedIssuerPayload, { description: 'Removes everybody who came in by it.' })
  deleteTrustedIssuer(
    @Arg('input', () => DeleteTrustedIssuerInput) input: DeleteTrustedIssuerInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteTrustedIssuerPayload>> {
    return answer(ctx, async () => {
      const { rootProviderId, trustedIssuerId } = await deleteTrustedIssuer(ctx, {
        trustedIssuer: decodeTrustedIssuerId(input.trustedIssuerId),
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { deletedTrustedIssuerId: encodeGlobalId('TrustedIssuer', rootProviderId, trustedIssuerId) };
    });
  }
}

function toMapping({ value, role, customRoleId }: RoleMappingInput): NamedMapping {
  const customRole = customRoleId == null ? null : (decodeCustomRoleId(customRoleId) ?? 'UNKNOWN');
  return { value, role: role ?? null, customRole };
}

export async function findTrustedIssuerType(
  ctx: GraphQLContext,
  ref: TrustedIssuerRef,
): Promise<TrustedIssuerType | null> {
  const row = await lookUpTrustedIssuer(ctx, ref);
  return row === null ? null : new TrustedIssuerType(row);
}
