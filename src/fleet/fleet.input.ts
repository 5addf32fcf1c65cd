import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import type { ApiKeyStatus, DisablementSource } from '../api-key/api-key.ts';
import { ApiKeyStatusEnum, DisablementSourceEnum } from '../api-key/api-key.type.ts';
import type { RotationState } from '../api-key/key-age.ts';
import { RotationStateEnum } from '../api-key/key-age.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import type { SubscriptionStatus } from '../subscription/subscription.ts';
import { SubscriptionStatusEnum } from '../subscription/subscription.type.ts';
import { type FleetOrderField, fleetOrderFields } from './fleet.ts';

const OrganizationOrderFieldEnum = enumOf(fleetOrderFields);
registerEnumType(OrganizationOrderFieldEnum, { name: 'OrganizationOrderField' });
const OrderDirectionEnum = enumOf(['ASC', 'DESC']);
registerEnumType(OrderDirectionEnum, { name: 'OrderDirection' });

@InputType({ description: 'Key statuses speak of the CLOUD_SERVICE slot. What is left out does not matter.' })
export class OrganizationFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name or of the external id.' })
  search?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this provider and the resellers below it.' })
  serviceProviderId?: string | null;

  @Field(() => [ApiKeyStatusEnum], { nullable: true })
  apiKeyStatus?: ApiKeyStatus[] | null;

  @Field(() => [DisablementSourceEnum], { nullable: true })
  disablementSource?: DisablementSource[] | null;

  @Field(() => [SubscriptionStatusEnum], { nullable: true })
  subscriptionStatus?: SubscriptionStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Holding the string with this fingerprint.' })
  fingerprint?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Holding a string, and not the one with this fingerprint. Each root provider has fingerprints of its own.',
  })
  fingerprintNot?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The current subscription ends before.' })
  subscriptionEndsBefore?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Holding a string that came at or after.' })
  keyModifiedSince?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Holding a string that came before.' })
  keyModifiedBefore?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Has used up so much of its call threshold, in per cent (1 to 100), in the window that holds now.',
  })
  thresholdUsedPercentAtLeast?: number | null;

  @Field(() => [RotationStateEnum], {
    nullable: true,
    description: 'Holding a string that a rotation policy holds for, and that is so far on its way to being rotated.',
  })
  rotation?: RotationState[] | null;

  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'In this saved group.' })
  groupId?: string | null;
}

@InputType()
export class OrganizationOrder {
  @Field(() => OrganizationOrderFieldEnum)
  field!: FleetOrderField;

  @Field(() => OrderDirectionEnum)
  direction!: 'ASC' | 'DESC';
}
