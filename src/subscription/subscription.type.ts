import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import type { OrganizationRef } from '../ids.ts';
import { type SubscriptionView, subscriptionStatus, subscriptionStatuses, thresholdPeriods } from './subscription.ts';

export const SubscriptionStatusEnum = enumOf(subscriptionStatuses);
registerEnumType(SubscriptionStatusEnum, { name: 'SubscriptionStatus' });

export const ThresholdPeriodEnum = enumOf(thresholdPeriods);
registerEnumType(ThresholdPeriodEnum, { name: 'ThresholdPeriod' });

@ObjectType('Subscription', {
  implements: Node,
  simpleResolvers: true,
  description: "An organization's right to use the API.",
})
export class SubscriptionType extends Node {
  readonly row: SubscriptionView;
  readonly #now: Date;

  constructor(row: SubscriptionView, now: Date) {
    super();
    this.row = row;
    this.#now = now;
  }

  protected globalId(): string {
    return encodeGlobalId('Subscription', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get plan(): string {
    return this.row.plan;
  }

  @Field(() => SubscriptionStatusEnum)
  get status(): keyof typeof SubscriptionStatusEnum {
    return subscriptionStatus(this.row, this.#now);
  }

  @Field(() => DateTimeScalar)
  get startsAt(): Date {
    return this.row.startsAt;
  }

  @Field(() => DateTimeScalar, { description: 'The first instant at which it no longer holds.' })
  get endsAt(): Date {
    return this.row.endsAt;
  }

  @Field(() => Int, { nullable: true, description: 'Calls allowed per period; null for no limit.' })
  get callThreshold(): number | null {
    return this.row.callThreshold;
  }

  @Field(() => ThresholdPeriodEnum, { nullable: true })
  get thresholdPeriod(): keyof typeof ThresholdPeriodEnum | null {
    return this.row.thresholdPeriod;
  }

  @Field(() => Int, { description: 'Moves with every change; see `expectedVersion`.' })
  get version(): number {
    return this.row.version;
  }
}

@ObjectType({ simpleResolvers: true })
export class SubscriptionPayload {
  /** The organization that the command was about; absent when it was refused. */
  ref?: OrganizationRef;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
