import { Field, ID, InputType, Int } from 'type-graphql';
import type { ApiKeyKind, DisablementReason } from '../api-key/api-key.ts';
import { ApiKeyKindEnum, DisablementReasonEnum } from '../api-key/api-key.type.ts';
import { DEFAULT_GRACE_MINUTES } from '../api-key/overlap.ts';
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

  @Field(() => ID, {
    nullable: true,
    description:
      'A dry run that somebody has looked at: refuse with VERSION_CONFLICT when these are other organizations than it had.',
  })
  dryRunId?: string | null;

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
export class PlanRotationInput extends TargetInput {
  @Field(() => DateTimeScalar, { description: 'When it begins; within a year.' })
  runAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'This string for all: exactly 12 characters of A-Z, a-z and 0-9. Left out: new ones.',
  })
  newKey?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'One new string for all; else each gets one of its own.',
  })
  sharedString?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description:
      'For how long the old strings work beside the new ones, as far as the providers allow it; 0: not at all.',
  })
  overlapMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_GRACE_MINUTES,
    description: 'For how long the old string works after the first use of the new one, within the overlap.',
  })
  overlapGraceMinutes?: number | null;
}

@InputType()
export class RenewSubscriptionsInput extends TargetInput {
  @Field(() => DateTimeScalar, { description: 'The same for all; later than their current ends.' })
  endsAt!: Date;
}

export type AnyTargetInput = TargetInput;
