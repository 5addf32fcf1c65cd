import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';

@InputType()
export class CreateWebhookEndpointInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'https, on the public internet.' })
  url!: string;

  @Field(() => [String], { description: 'Types of events: see `eventTypes`.' })
  events!: string[];

  @Field(() => [ID], { nullable: true, description: 'Left out: of all organizations, and of the provider itself.' })
  organizationIds?: string[] | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays.' })
export class UpdateWebhookEndpointInput {
  @Field(() => ID)
  webhookEndpointId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => String, { nullable: true })
  url?: string | null;

  @Field(() => [String], { nullable: true })
  events?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Null: of all organizations, and of the provider itself.' })
  organizationIds?: string[] | null;

  @Field(() => Boolean, { nullable: true })
  isEnabled?: boolean | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class WebhookEndpointCommandInput {
  @Field(() => ID)
  webhookEndpointId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class RotateWebhookSecretInput {
  @Field(() => ID)
  webhookEndpointId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'So long the secret before signs too: 0 to 168, and 24 when it is left out.',
  })
  overlapHours?: number | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Either `eventId` or a time span.' })
export class ReplayWebhookEventsInput {
  @Field(() => ID)
  webhookEndpointId!: string;

  @Field(() => ID, { nullable: true, description: 'Of an event: `WebhookDelivery.eventId`.' })
  eventId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'What happened at or after.' })
  since?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'And before; left out: until now.' })
  until?: Date | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
