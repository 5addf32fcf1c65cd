import { Field, ID, InputType, Int } from 'type-graphql';
import type { RotationMode } from './rotation-policy.ts';
import { type DayOfWeek, DayOfWeekEnum, daysOfWeek, RotationModeEnum } from './rotation-policy.type.ts';
import type { RotationWindow } from './rotation-window.ts';

@InputType({ description: 'Hours of some days of the week, by the clock on the wall of a time zone.' })
export class RotationWindowInput {
  @Field(() => [DayOfWeekEnum], { description: 'On which it opens; at least one.' })
  days!: DayOfWeek[];

  @Field(() => Int, { description: '0 to 23.' })
  fromHour!: number;

  @Field(() => Int, { description: '1 to 24; no later than `fromHour`: of the next day.' })
  toHour!: number;

  @Field(() => String, { description: 'By its IANA name, such as Europe/Berlin.' })
  timeZone!: string;
}

@InputType()
abstract class TermsInput {
  @Field(() => RotationWindowInput, { nullable: true, description: 'At any time, if left out.' })
  window?: RotationWindowInput | null;

  @Field(() => [Int], { nullable: true, description: 'So many days ahead it is told; 14, 7 and 1, if left out.' })
  noticeDays?: number[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Organizations on one string get a new one together, in one flip; else each gets one of its own.',
  })
  sharedString?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'For how long old strings work beside new ones; at most `overlapAllowedMinutes` of the provider. 0: not at all.',
  })
  overlapMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how long an old string works after the first use of the new one; 15, if left out.',
  })
  overlapGraceMinutes?: number | null;

  @Field(() => Boolean, { nullable: true })
  isEnabled?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The same key and input give the first answer again.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Give serviceProviderId, organizationGroupId or organizationId: one of the three.' })
export class CreateRotationPolicyInput extends TermsInput {
  @Field(() => ID, { nullable: true, description: 'For everything below this provider.' })
  serviceProviderId?: string | null;

  @Field(() => ID, { nullable: true, description: 'For whatever is in this saved group.' })
  organizationGroupId?: string | null;

  @Field(() => ID, { nullable: true })
  organizationId?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => Int, { description: 'Of a key string, in days of 24 hours: 1 to 3650.' })
  maximumAgeDays!: number;

  @Field(() => RotationModeEnum)
  mode!: RotationMode;
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateRotationPolicyInput extends TermsInput {
  @Field(() => ID)
  rotationPolicyId!: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => Int, { nullable: true })
  maximumAgeDays?: number | null;

  @Field(() => RotationModeEnum, { nullable: true })
  mode?: RotationMode | null;
}

@InputType()
export class DeleteRotationPolicyInput {
  @Field(() => ID)
  rotationPolicyId!: string;

  @Field(() => String, { nullable: true })
  idempotencyKey?: string | null;
}

function toWindow({ days, ...window }: RotationWindowInput): RotationWindow {
  return { ...window, days: days.map((day) => daysOfWeek.indexOf(day) + 1) };
}

/** What was given of it. */
export function toTerms(input: TermsInput) {
  const { window, noticeDays, sharedString, overlapMinutes, overlapGraceMinutes, isEnabled } = input;
  return {
    ...(window == null ? {} : { window: toWindow(window) }),
    ...(noticeDays == null ? {} : { noticeDays }),
    ...(sharedString == null ? {} : { sharedString }),
    ...(overlapMinutes == null ? {} : { overlapMinutes }),
    ...(overlapGraceMinutes == null ? {} : { overlapGraceMinutes }),
    ...(isEnabled == null ? {} : { isEnabled }),
  };
}
