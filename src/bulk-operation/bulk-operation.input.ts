import { Field, ID, InputType } from 'type-graphql';
import type { ApiKeyKind, DisablementReason } from '../api-key/api-key.ts';
import { ApiKeyKindEnum, DisablementReasonEnum } from '../api-key/api-key.type.ts';
import { OrganizationFilter } from '../fleet/fleet.input.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import type { SyncAtomicity } from './bulk-operation.ts';
import { SyncAtomicityEnum } from './bulk-operation.type.ts';

@InputType()
abstract class TargetInput {
  @Field(() => [ID], {
    nullable: true,
    description: 'Ids that name nothing here are refused as NOT_FOUND, each on its own. Either these or `filter`.',
  })
  organizationIds?: string[] | null;

  @Field(() => OrganizationFilter, {
    nullable: true,
    description: 'Looked up once, when the operation starts: its organizations are kept.',
  })
  filter?: OrganizationFilter | null;

  @Field(() => SyncAtomicityEnum, { nullable: true, defaultValue: 'ALL_OR_NOTHING' })
  atomicity?: SyncAtomicity | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Apply every rule and write nothing.' })
  dryRun?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The same key and input give the first answer again.' })
  idempotencyKey?: string | null;
}

@InputType()
export class SyncApiKeyInput extends TargetInput {
  @Field(() => String, {
    nullable: true,
    description: 'Exactly 12 characters of A-Z, a-z and 0-9; left out: one is generated.',
  })
  newKey?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Instead of `newKey`: the string that this organization holds, which is not shown. Needs no apiKey:reveal.',
  })
  newKeyFrom?: string | null;
}

@InputType()
abstract class KeyTargetInput extends TargetInput {
  @Field(() => ApiKeyKindEnum, { nullable: true, defaultValue: 'CLOUD_SERVICE', description: 'Which of their slots.' })
  kind?: ApiKeyKind | null;
}

@InputType()
export class DisableApiKeysInput extends KeyTargetInput {
  @Field(() => DisablementReasonEnum)
  reason!: DisablementReason;

  @Field(() => String, { nullable: true, description: 'Needed for OTHER.' })
  note?: string | null;
}

@InputType()
export class EnableApiKeysInput extends KeyTargetInput {
  @Field(() => String, { description: 'Why; it goes into the audit trail of each.' })
  note!: string;
}

@InputType()
export class RegenerateApiKeysInput extends KeyTargetInput {}

@InputType()
export class RenewSubscriptionsInput extends TargetInput {
  @Field(() => DateTimeScalar, { description: 'The same for all; later than their current ends.' })
  endsAt!: Date;
}

export type AnyTargetInput = TargetInput;
