import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';
import type { ThresholdPeriod } from './subscription.ts';
import { ThresholdPeriodEnum } from './subscription.type.ts';

@InputType()
export class ApplySubscriptionInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => String)
  plan!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Now, if left out. A key is provisioned when it starts.',
  })
  startsAt?: Date | null;

  @Field(() => DateTimeScalar)
  endsAt!: Date;

  @Field(() => Int, { nullable: true, description: 'Calls allowed per period; the call over it disables the key.' })
  callThreshold?: number | null;

  @Field(() => ThresholdPeriodEnum, { nullable: true })
  thresholdPeriod?: ThresholdPeriod | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class RenewSubscriptionInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => DateTimeScalar, { description: 'Later than the current end.' })
  endsAt!: Date;

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class CancelSubscriptionInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
