import { Field, ID, InputType, Int } from 'type-graphql';

@InputType()
export class CreateServiceProviderInput {
  @Field(() => String)
  name!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The provider under which the reseller stands; only the platform leaves it out.',
  })
  parentId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Where the API clients of its organizations connect; the parent's if left out.",
  })
  baseUrl?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class SetApprovalAboveInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Of organizations; 0: every operation waits; null: none does, unless a provider above wants it.',
  })
  approvalAbove?: number | null;

  @Field(() => String, { nullable: true, description: 'The same key and input give the first answer again.' })
  idempotencyKey?: string | null;
}

@InputType()
export class SetOverlapAllowedInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => Int, { description: '0: an old key string never works beside a new one; at most 1440: a day.' })
  overlapAllowedMinutes!: number;

  @Field(() => String, { nullable: true, description: 'The same key and input give the first answer again.' })
  idempotencyKey?: string | null;
}
