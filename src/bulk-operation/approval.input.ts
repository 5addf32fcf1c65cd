import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class ApproveBulkOperationInput {
  @Field(() => ID)
  bulkOperationId!: string;

  @Field(() => String, { nullable: true })
  note?: string | null;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

@InputType()
export class RejectBulkOperationInput {
  @Field(() => ID)
  bulkOperationId!: string;

  @Field(() => String, { description: 'Why: whoever started it reads it.' })
  note!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}
