import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class EndApiSessionInput {
  @Field(() => ID)
  apiSessionId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class EndApiSessionsInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
