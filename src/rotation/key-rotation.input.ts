import { Field, ID, InputType } from 'type-graphql';
import type { ApiKeyKind } from '../api-key/api-key.ts';
import { ApiKeyKindEnum } from '../api-key/api-key.type.ts';

@InputType()
export class EndKeyOverlapInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => ApiKeyKindEnum, { nullable: true, defaultValue: 'CLOUD_SERVICE' })
  kind?: ApiKeyKind | null;

  @Field(() => String, { nullable: true, description: 'The same key and input give the first answer again.' })
  idempotencyKey?: string | null;
}
