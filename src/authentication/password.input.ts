import { Field, InputType } from 'type-graphql';

@InputType()
export class ChangePasswordInput {
  @Field(() => String)
  currentPassword!: string;

  @Field(() => String, { description: 'At least 12 characters, without the user name, and none of the common ones.' })
  newPassword!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
