import { Field, ID, InputType } from 'type-graphql';

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
