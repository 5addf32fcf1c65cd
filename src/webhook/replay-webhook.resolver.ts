import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { decodeGlobalId, decodeWebhookEndpointId } from '../graphql/global-id.ts';
import type { GraphQLContext } from '../graphql/graphql-context.ts';
import { answer, type Payload } from '../graphql/user-error.ts';
import type { AuditEventId } from '../ids.ts';
import { type ReplayWebhookEvents, replayWebhookEvents, testWebhookEndpoint } from './replay-webhook.service.ts';
import { ReplayWebhookEventsInput, WebhookEndpointCommandInput } from './webhook-endpoint.input.ts';
import { findWebhookEndpointType } from './webhook-endpoint.resolver.ts';
import { ReplayWebhookEventsPayload, WebhookEndpointPayload } from './webhook-endpoint.type.ts';

@Resolver()
export class ReplayWebhookResolver {
  @Mutation(() => WebhookEndpointPayload, {
    description: 'Sends it the event `webhook_endpoint.tested`: its deliveries show what comes of it.',
  })
  testWebhookEndpoint(
    @Arg('input', () => WebhookEndpointCommandInput) input: WebhookEndpointCommandInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<WebhookEndpointPayload>> {
    return answer(ctx, async () => {
      const webhookEndpoint = decodeWebhookEndpointId(input.webhookEndpointId);
      const ref = await testWebhookEndpoint(ctx, { webhookEndpoint, idempotencyKey: input.idempotencyKey ?? null });
      return { webhookEndpoint: await findWebhookEndpointType(ctx, ref) };
    });
  }

  @Mutation(() => ReplayWebhookEventsPayload, {
    description: 'Sends one event once more, or those of a time span, in their order: at most 10,000.',
  })
  replayWebhookEvents(
    @Arg('input', () => ReplayWebhookEventsInput) input: ReplayWebhookEventsInput,
    @Ctx() ctx: GraphQLContext,
  ): Promise<Payload<ReplayWebhookEventsPayload>> {
    return answer(ctx, async () => {
      const { ref, count } = await replayWebhookEvents(ctx, {
        webhookEndpoint: decodeWebhookEndpointId(input.webhookEndpointId),
        event: input.eventId == null ? null : eventIn(input.eventId),
        since: input.since ?? null,
        until: input.until ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
      });
      return { webhookEndpoint: await findWebhookEndpointType(ctx, ref), replayedCount: count };
    });
  }
}

function eventIn(globalId: string): ReplayWebhookEvents['event'] {
  const decoded = decodeGlobalId(globalId);
  if (decoded?.type !== 'AuditEvent') return 'UNKNOWN';
  return { rootProviderId: decoded.rootProviderId, id: decoded.id as AuditEventId };
}
