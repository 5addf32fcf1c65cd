import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import { type Delivery, type DeliveryStatus, deliveryStatuses } from './delivery.ts';
import { type DisabledReason, disabledReasons, type WebhookEndpoint } from './webhook-endpoint.ts';

export const WebhookDeliveryStatusEnum = enumOf(deliveryStatuses);
registerEnumType(WebhookDeliveryStatusEnum, {
  name: 'WebhookDeliveryStatus',
  description: '`PENDING`: it waits for its turn or for another attempt. `FAILED`: given up after three days.',
});
const WebhookDisabledReasonEnum = enumOf(disabledReasons);
registerEnumType(WebhookDisabledReasonEnum, {
  name: 'WebhookDisabledReason',
  description: '`GONE`: it answered 410. `FAILING`: it took nothing for three days.',
});

@ObjectType('WebhookDelivery', { simpleResolvers: true, description: 'One event for one endpoint.' })
export class WebhookDeliveryType {
  readonly row: Delivery;

  constructor(row: Delivery) {
    this.row = row;
  }

  @Field(() => ID, { description: 'Of the event in the audit trail; `replayWebhookEvents` takes it.' })
  get eventId(): string {
    return encodeGlobalId('AuditEvent', this.row.rootProviderId, this.row.eventId);
  }

  @Field(() => String, { description: 'The header `webhook-id`: the same in each attempt.' })
  get webhookId(): string {
    return this.row.eventId;
  }

  @Field(() => String)
  get type(): string {
    return this.row.type;
  }

  @Field(() => ID, { nullable: true })
  get organizationId(): string | null {
    const { rootProviderId, organizationId } = this.row;
    return organizationId === null ? null : encodeGlobalId('Organization', rootProviderId, organizationId);
  }

  @Field(() => WebhookDeliveryStatusEnum)
  get status(): DeliveryStatus {
    return this.row.status;
  }

  @Field(() => Int, { description: 'Made so far, since it was last put in line.' })
  get attempts(): number {
    return this.row.attempts;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get lastAttemptAt(): Date | null {
    return this.row.lastAttemptAt;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get deliveredAt(): Date | null {
    return this.row.deliveredAt;
  }

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it is tried again; null while it waits for those before it, and once it is over.',
  })
  get nextAttemptAt(): Date | null {
    return this.row.nextAttemptAt;
  }

  @Field(() => Int, { nullable: true, description: 'Of the last attempt; null when it was not answered.' })
  get responseStatus(): number | null {
    return this.row.responseStatus;
  }

  @Field(() => String, { nullable: true, description: 'Why the last attempt failed.' })
  get error(): string | null {
    return this.row.error;
  }
}

export const WebhookDeliveryConnection = connectionType('WebhookDelivery', () => WebhookDeliveryType);

@ObjectType('WebhookEndpoint', {
  implements: Node,
  simpleResolvers: true,
  description: 'A URL of a provider that is told of events of its own subtree, signed as Standard Webhooks has it.',
})
export class WebhookEndpointType extends Node {
  readonly row: WebhookEndpoint;

  constructor(row: WebhookEndpoint) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('WebhookEndpoint', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => String)
  get url(): string {
    return this.row.url;
  }

  @Field(() => [String], { description: 'Types that it has chosen: see `eventTypes`.' })
  get events(): readonly string[] {
    return this.row.events;
  }

  @Field(() => [ID], { nullable: true, description: 'Null: of all organizations, and of the provider itself.' })
  get organizationIds(): string[] | null {
    const { rootProviderId, organizationIds } = this.row;
    return organizationIds?.map((id) => encodeGlobalId('Organization', rootProviderId, id)) ?? null;
  }

  @Field(() => Boolean)
  get isEnabled(): boolean {
    return this.row.disabledAt === null;
  }

  @Field(() => DateTimeScalar, { nullable: true })
  get disabledAt(): Date | null {
    return this.row.disabledAt;
  }

  @Field(() => WebhookDisabledReasonEnum, { nullable: true })
  get disabledReason(): DisabledReason | null {
    return this.row.disabledReason;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since then every attempt has failed.' })
  get failingSince(): Date | null {
    return this.row.failingSince;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until then the secret before signs too.' })
  get previousSecretUntil(): Date | null {
    return this.row.previousSecretUntil;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => String)
  get createdByName(): string {
    return this.row.createdByName;
  }
}

export const WebhookEndpointConnection = connectionType('WebhookEndpoint', () => WebhookEndpointType);

@ObjectType({ simpleResolvers: true })
export class WebhookEndpointPayload {
  @Field(() => WebhookEndpointType, { nullable: true })
  webhookEndpoint?: WebhookEndpointType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class WebhookSecretPayload {
  @Field(() => WebhookEndpointType, { nullable: true })
  webhookEndpoint?: WebhookEndpointType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The signing secret, `whsec_…`. Shown now and never again: a replay gives null.',
  })
  secret?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteWebhookEndpointPayload {
  @Field(() => ID, { nullable: true, description: 'Of the endpoint that is gone.' })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class ReplayWebhookEventsPayload {
  @Field(() => WebhookEndpointType, { nullable: true })
  webhookEndpoint?: WebhookEndpointType | null;

  @Field(() => Int, { nullable: true, description: 'How many events are sent once more.' })
  replayedCount?: number | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
