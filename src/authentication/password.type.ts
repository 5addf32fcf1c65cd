import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../graphql/user-error.ts';

@ObjectType({ simpleResolvers: true })
export class ChangePasswordPayload {
  @Field(() => String, { nullable: true, description: 'What to do next.' })
  message?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
