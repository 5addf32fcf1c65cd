import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import {
  decodeActorId,
  decodeOrganizationId,
  decodeServiceAccountSecretId,
  decodeServiceProviderId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import { type ActorId, NIL_ID, type ServiceAccountId } from '../ids.ts';
import { findOrganizationType } from '../organization/organization.resolver.ts';
import { OrganizationType } from '../organization/organization.type.ts';
import { parsePage } from '../page.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import {
  countServiceAccounts,
  findAccountIdOfSecret,
  listServiceAccounts,
  positionOf,
  SERVICE_ACCOUNT_ORDER,
} from './list-service-accounts.ts';
import {
  CreateServiceAccountInput,
  RevokeServiceAccountSecretInput,
  ServiceAccountFilterInput,
  ServiceAccountInput,
} from './service-account.input.ts';
import { createServiceAccount, type NewSecret, revokeServiceAccount } from './service-account.service.ts';
import type { ServiceAccount, ServiceAccountFilter, ServiceAccountSecretRef } from './service-account.ts';
import {
  ServiceAccountConnection,
  ServiceAccountPayload,
  ServiceAccountSecretPayload,
  ServiceAccountSecretType,
  ServiceAccountType,
} from './service-account.type.ts';
import { addServiceAccountSecret, revokeServiceAccountSecret } from './service-account-secret.service.ts';

@Resolver(() => ServiceAccountType)
export class ServiceAccountResolver {
  @Query(() => ServiceAccountConnection, { description: 'Every one in sight, by name. Needs `staff:manage`.' })
  async serviceAccounts(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('filter', () => ServiceAccountFilterInput, { nullable: true }) input: ServiceAccountFilterInput | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<ServiceAccountType>> {
    const filter = toFilter(input ?? {});
    const page = await listServiceAccounts(ctx, filter, parsePage(first, after, SERVICE_ACCOUNT_ORDER));
    return new PageView(page, {
      order: SERVICE_ACCOUNT_ORDER,
      node: (row) => new ServiceAccountType(row),
      position: positionOf,
      count: () => countServiceAccounts(ctx, filter),
    });
  }

  @FieldResolver(() => ServiceProviderType, { nullable: true, description: 'Null for one of the platform.' })
  serviceProvider(
    @Root() { row }: ServiceAccountType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<ServiceProviderType> | null {
    const { rootProviderId, providerId } = row;
    return providerId === null ? null : providerOf(ctx, { rootProviderId, providerId });
  }

  @FieldResolver(() => OrganizationType, { nullable: true, description: "Null unless it is an organization's own." })
  organization(
    @Root() { row }: ServiceAccountType,
    @Ctx() ctx: GraphQLContext,
  ): Promise<OrganizationType | null> | null {
    const { rootProviderId, organizationId } = row;
    return organizationId === null ? null : findOrganizationType(ctx, { rootProviderId, organizationId });
  }

  @FieldResolver(() => [ServiceAccountSecretType], { description: 'The oldest first.' })
  secrets(@Root() { row }: ServiceAccountType, @Ctx() ctx: GraphQLContext): Promise<ServiceAccountSecretType[]> {
    return secretsOf(ctx, row);
  }

  @Mutation(() => ServiceAccountSecretPayload, { description: 'With a first secret, which is shown this once.' })
  createServiceAccount(
    @Arg('input', () => CreateServiceAccountInput) input: CreateServiceAccountInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceAccountSecretPayload>> {
    const { serviceProviderId, organizationId } = input;
    return answer(ctx, async () =>
      toSecretPayload(
        ctx,
        await createServiceAccount(ctx, {
          name: input.name,
          serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? 'UNKNOWN'),
          organization: organizationId == null ? null : (decodeOrganizationId(organizationId) ?? 'UNKNOWN'),
          permissions: input.permissions,
          idempotencyKey: input.idempotencyKey ?? null,
        }),
      ),
    );
  }

  @Mutation(() => ServiceAccountSecretPayload, { description: 'A second secret, to take the place of the first.' })
  addServiceAccountSecret(
    @Arg('input', () => ServiceAccountInput) input: ServiceAccountInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceAccountSecretPayload>> {
    return answer(ctx, async () => toSecretPayload(ctx, await addServiceAccountSecret(ctx, accountOf(input))));
  }

  @Mutation(() => ServiceAccountPayload, {
    description: 'Neither it nor a token that was got with it holds any more. Cannot be undone.',
  })
  revokeServiceAccountSecret(
    @Arg('input', () => RevokeServiceAccountSecretInput) input: RevokeServiceAccountSecretInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceAccountPayload>> {
    return answer(ctx, async () => {
      const secret = decodeServiceAccountSecretId(input.secretId);
      const id = await revokeServiceAccountSecret(ctx, { secret, idempotencyKey: input.idempotencyKey ?? null });
      return { serviceAccount: await findServiceAccountType(ctx, id) };
    });
  }

  @Mutation(() => ServiceAccountPayload, {
    description: 'Its secrets and tokens are dead at once and for good. Cannot be undone.',
  })
  revokeServiceAccount(
    @Arg('input', () => ServiceAccountInput) input: ServiceAccountInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ServiceAccountPayload>> {
    return answer(ctx, async () => {
      const id = await revokeServiceAccount(ctx, accountOf(input));
      return { serviceAccount: await findServiceAccountType(ctx, id) };
    });
  }
}

/** An id that names nothing matches nothing. */
function toFilter({ serviceProviderId, organizationId, isActive }: ServiceAccountFilterInput): ServiceAccountFilter {
  const nowhere = { rootProviderId: NIL_ID, serviceProviderId: NIL_ID, organizationId: NIL_ID };
  return {
    serviceProvider: serviceProviderId == null ? null : (decodeServiceProviderId(serviceProviderId) ?? nowhere),
    organization: organizationId == null ? null : (decodeOrganizationId(organizationId) ?? nowhere),
    isActive: isActive ?? null,
  };
}

function accountOf({ serviceAccountId, idempotencyKey }: ServiceAccountInput) {
  return { id: toServiceAccountId(decodeActorId(serviceAccountId)), idempotencyKey: idempotencyKey ?? null };
}

/** A person's id names no service account: it is looked for and not found. */
function toServiceAccountId(id: ActorId | null): ServiceAccountId | null {
  return id as ServiceAccountId | null;
}

async function toSecretPayload(ctx: GraphQLContext, { id, clientSecret }: NewSecret) {
  return { serviceAccount: await findServiceAccountType(ctx, id), clientSecret: clientSecret?.expose() ?? null };
}

/** Null when it does not exist, is out of sight, or the caller manages no staff. */
export async function findServiceAccountType(ctx: GraphQLContext, id: ActorId): Promise<ServiceAccountType | null> {
  if (!ctx.actor.permissions.has('staff:manage')) return null;
  const row = await ctx.loaders.serviceAccount.load(id as ServiceAccountId);
  return row === null ? null : new ServiceAccountType(row);
}

export async function findServiceAccountSecretType(
  ctx: GraphQLContext,
  ref: ServiceAccountSecretRef,
): Promise<ServiceAccountSecretType | null> {
  const accountId = await findAccountIdOfSecret(ctx, ref);
  const account = accountId === null ? null : await findServiceAccountType(ctx, accountId);
  const secrets = account === null ? [] : await secretsOf(ctx, account.row);
  return secrets.find(({ row }) => row.id === ref.secretId) ?? null;
}

async function secretsOf(ctx: GraphQLContext, account: ServiceAccount): Promise<ServiceAccountSecretType[]> {
  const secrets = await ctx.loaders.serviceAccountSecrets.load(account);
  return secrets.map((secret) => new ServiceAccountSecretType(secret));
}
