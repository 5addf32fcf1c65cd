import { Field, ID, InputType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { type DelegationRole, type DelegationSide, type DelegationStatus, MOST_ORGANIZATIONS } from './delegation.ts';
import { DelegationRoleEnum, DelegationSideEnum, DelegationStatusEnum } from './delegation.type.ts';

@InputType('DelegationFilter')
export class DelegationFilterInput {
  @Field(() => DelegationSideEnum, { nullable: true })
  side?: DelegationSide | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether somebody may act under it right now.' })
  isActive?: boolean | null;

  @Field(() => DelegationStatusEnum, { nullable: true })
  status?: DelegationStatus | null;
}

@InputType()
export class GrantDelegationInput {
  @Field(() => ID, { description: 'The granting provider.' })
  serviceProviderId!: string;

  @Field(() => [ID], {
    description: `1 to ${MOST_ORGANIZATIONS} organizations of that provider or of resellers below it.`,
  })
  organizationIds!: string[];

  @Field(() => ID, {
    description: 'The provider whose staff is let in, by the id that its people have told. It is not looked up.',
  })
  granteeServiceProviderId!: string;

  @Field(() => DelegationRoleEnum)
  role!: DelegationRole;

  @Field(() => DateTimeScalar, { description: 'At most 2 years from now.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true })
  note?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class AcceptDelegationInput {
  @Field(() => ID)
  delegationId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class EndDelegationInput extends AcceptDelegationInput {
  @Field(() => String, { nullable: true, description: 'For the audit trails of both sides.' })
  note?: string | null;
}
