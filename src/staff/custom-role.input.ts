import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class CreateCustomRoleInput {
  @Field(() => ID)
  serviceProviderId!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [String], { description: 'No more than the caller has.' })
  permissions!: string[];

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateCustomRoleInput {
  @Field(() => ID)
  customRoleId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => [String], { nullable: true })
  permissions?: string[] | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class DeleteCustomRoleInput {
  @Field(() => ID)
  customRoleId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
