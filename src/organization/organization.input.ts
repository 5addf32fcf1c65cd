import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class CreateOrganizationInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  externalId?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
