import { Field, ID, InputType, Int } from 'type-graphql';
import type { ApiKeyKind, DisablementReason } from './api-key.ts';
import { ApiKeyKindEnum, DisablementReasonEnum } from './api-key.type.ts';

@InputType()
abstract class SlotInput {
  @Field(() => ID)
  organizationId!: string;

  @Field(() => ApiKeyKindEnum, { nullable: true, defaultValue: 'CLOUD_SERVICE' })
  kind?: ApiKeyKind | null;

  @Field(() => Int, { nullable: true, description: 'Refuse with VERSION_CONFLICT unless the slot is at this version.' })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: 'The same key and input give the first answer again.' })
  idempotencyKey?: string | null;
}

@InputType()
export class ApiKeyInput extends SlotInput {}

@InputType()
export class EditApiKeyInput extends SlotInput {
  @Field(() => String, { description: 'Exactly 12 characters of A-Z, a-z and 0-9.' })
  newKey!: string;
}

@InputType()
export class DisableApiKeyInput extends SlotInput {
  @Field(() => DisablementReasonEnum)
  reason!: DisablementReason;

  @Field(() => String, { nullable: true, description: 'Needed for OTHER.' })
  note?: string | null;
}

@InputType()
export class EnableApiKeyInput extends SlotInput {
  @Field(() => String, { description: 'Why; it goes into the audit trail.' })
  note!: string;
}

export type AnySlotInput = SlotInput;
