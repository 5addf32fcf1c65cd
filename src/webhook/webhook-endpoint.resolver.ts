import { Arg, Ctx, Extensions, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, PageView } from '../graphql/connection.ts';
import {
  decodeOrganizationId,
  decodeProviderFilter,
  decodeServiceProviderId,
  decodeWebhookEndpointId,
} from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { WebhookEndpointRef } from '../ids.ts';
import { parsePage } from '../page.ts';
import { providerOf } from '../service-provider/service-provider.resolver.ts';
import { ServiceProviderType } from '../service-provider/service-provider.type.ts';
import type { DeliveryStatus } from './delivery.ts';
import {
  countDeliveriesOf,
  countEndpointsInSight,
  DELIVERY_ORDER,
  ENDPOINT_ORDER,
  listDeliveries,
  listWebhookEndpoints,
  lookUpWebhookEndpoint,
  positionOfDelivery,
  positionOfEndpoint,
} from './list-webhook-endpoints.ts';
import {
  CreateWebhookEndpointInput,
  RotateWebhookSecretInput,
  UpdateWebhookEndpointInput,
  WebhookEndpointCommandInput,
} from './webhook-endpoint.input.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  type NewWebhookSecret,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from './webhook-endpoint.service.ts';
import { refOf } from './webhook-endpoint.ts';
import {
  DeleteWebhookEndpointPayload,
  WebhookDeliveryConnection,
  WebhookDeliveryStatusEnum,
  WebhookDeliveryType,
  WebhookEndpointConnection,
  WebhookEndpointPayload,
  WebhookEndpointType,
  WebhookSecretPayload,
} from './webhook-endpoint.type.ts';

const A_STATEMENT = { cost: 10 };
@Resolver(() => WebhookEndpointType)
export class WebhookEndpointResolver {
  @Query(() => WebhookEndpointConnection, {
    description: 'Every one in sight, the oldest first. Needs `webhook:manage`.',
  })
  async webhookEndpoints(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('serviceProviderId', () => ID, {
      nullable: true,
      description: 'Of this provider and the resellers below it.',
    })
    serviceProviderId: string | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<WebhookEndpointType>> {
    const provider = decodeProviderFilter(serviceProviderId);
    const page = await listWebhookEndpoints(ctx, provider, parsePage(first, after, ENDPOINT_ORDER));
    return new PageView(page, {
      order: ENDPOINT_ORDER,
      node: (row) => new WebhookEndpointType(row),
      position: positionOfEndpoint,
      count: () => countEndpointsInSight(ctx, provider),
    });
  }

  @FieldResolver(() => ServiceProviderType)
  serviceProvider(@Root() { row }: WebhookEndpointType, @Ctx() ctx: GraphQLContext): Promise<ServiceProviderType> {
    return providerOf(ctx, row);
  }

  @Extensions(A_STATEMENT)
  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'What it was sent in the last 30 days and what waits, the newest first.',
  })
  async deliveries(
    @Root() { row }: WebhookEndpointType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('status', () => WebhookDeliveryStatusEnum, { nullable: true }) status: DeliveryStatus | null,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Connection<WebhookDeliveryType>> {
    const [ref, filter] = [refOf(row), { status: status ?? null }];
    const page = await listDeliveries(ctx, ref, filter, parsePage(first, after, DELIVERY_ORDER));
    return new PageView(page, {
      order: DELIVERY_ORDER,
      node: (delivery) => new WebhookDeliveryType(delivery),
      position: positionOfDelivery,
      count: () => countDeliveriesOf(ctx, ref, filter),
    });
  }

  @Mutation(() => WebhookSecretPayload, {
    description: 'Needs `webhook:manage`, and the permissions to see what the chosen events tell of.',
  })
  createWebhookEndpoint(
    @Arg('input', () => CreateWebhookEndpointInput) input: CreateWebhookEndpointInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<WebhookSecretPayload>> {
    return answer(ctx, async () => {
      const created = await createWebhookEndpoint(ctx, {
        serviceProvider: decodeServiceProviderId(input.serviceProviderId),
        name: input.name,
        url: input.url,
        events: input.events,
        organizations: input.organizationIds?.map(decodeOrganizationId) ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return toSecretPayload(ctx, created);
    });
  }

  @Mutation(() => WebhookEndpointPayload, {
    description: 'Enabled again, it goes on with what waited and with what happens from then on.',
  })
  updateWebhookEndpoint(
    @Arg('input', () => UpdateWebhookEndpointInput) input: UpdateWebhookEndpointInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<WebhookEndpointPayload>> {
    return answer(ctx, async () => {
      const ref = await updateWebhookEndpoint(ctx, {
        webhookEndpoint: decodeWebhookEndpointId(input.webhookEndpointId),
        name: input.name ?? undefined,
        url: input.url ?? undefined,
        events: input.events ?? undefined,
        organizations: input.organizationIds === null ? null : input.organizationIds?.map(decodeOrganizationId),
        isEnabled: input.isEnabled ?? undefined,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { webhookEndpoint: await findWebhookEndpointType(ctx, ref) };
    });
  }

  @Mutation(() => DeleteWebhookEndpointPayload, { description: 'With what waits for it.' })
  deleteWebhookEndpoint(
    @Arg('input', () => WebhookEndpointCommandInput) input: WebhookEndpointCommandInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<DeleteWebhookEndpointPayload>> {
    return answer(ctx, async () => {
      const { webhookEndpointId, idempotencyKey = null } = input;
      const webhookEndpoint = decodeWebhookEndpointId(webhookEndpointId);
      await deleteWebhookEndpoint(ctx, { webhookEndpoint, idempotencyKey });
      return { deletedId: webhookEndpointId };
    });
  }

  @Mutation(() => WebhookSecretPayload, { description: 'A new signing secret; for a while both sign.' })
  rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput) input: RotateWebhookSecretInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<WebhookSecretPayload>> {
    return answer(ctx, async () => {
      const rotated = await rotateWebhookSecret(ctx, {
        webhookEndpoint: decodeWebhookEndpointId(input.webhookEndpointId),
        overlapHours: input.overlapHours ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return toSecretPayload(ctx, rotated);
    });
  }
}

async function toSecretPayload(ctx: GraphQLContext, { ref, secret }: NewWebhookSecret) {
  return { webhookEndpoint: await findWebhookEndpointType(ctx, ref), secret: secret?.expose() ?? null };
}

export async function findWebhookEndpointType(
  ctx: GraphQLContext,
  ref: WebhookEndpointRef,
): Promise<WebhookEndpointType | null> {
  const row = await lookUpWebhookEndpoint(ctx, ref);
  return row === null ? null : new WebhookEndpointType(row);
}
