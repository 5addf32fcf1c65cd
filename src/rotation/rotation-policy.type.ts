import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { encodeGlobalId } from '../graphql/global-id.ts';
import { Node } from '../graphql/node.type.ts';
import { UserError } from '../graphql/user-error.ts';
import { type RotationMode, type RotationPolicy, rotationModes } from './rotation-policy.ts';
import type { RotationWindow } from './rotation-window.ts';

export const RotationModeEnum = enumOf(rotationModes);
registerEnumType(RotationModeEnum, {
  name: 'RotationMode',
  description: '`NOTIFY`: people are told, and rotate themselves. `AUTOMATIC`: keys are rotated in the window.',
});
/** Of ISO weeks: the first is 1. */
export const daysOfWeek = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type DayOfWeek = (typeof daysOfWeek)[number];
export const DayOfWeekEnum = enumOf(daysOfWeek);
registerEnumType(DayOfWeekEnum, { name: 'DayOfWeek' });

@ObjectType('RotationWindow', {
  simpleResolvers: true,
  description: 'Hours of some days of the week, by the clock on the wall of a time zone.',
})
export class RotationWindowType {
  readonly #window: RotationWindow;

  constructor(window: RotationWindow) {
    this.#window = window;
  }

  @Field(() => [DayOfWeekEnum], { description: 'On which it opens.' })
  get days(): DayOfWeek[] {
    return daysOfWeek.filter((_, index) => this.#window.days.includes(index + 1));
  }

  @Field(() => Int, { description: '0 to 23.' })
  get fromHour(): number {
    return this.#window.fromHour;
  }

  @Field(() => Int, { description: '1 to 24; no later than `fromHour`: of the next day.' })
  get toHour(): number {
    return this.#window.toHour;
  }

  @Field(() => String, { description: 'By its IANA name.' })
  get timeZone(): string {
    return this.#window.timeZone;
  }
}

@ObjectType('RotationPolicy', {
  implements: Node,
  simpleResolvers: true,
  description:
    'How old CLOUD_SERVICE keys may become. Of several the nearest holds for a key: that of the organization, of a group, of the nearest provider; of two as near the one with the lower maximum age.',
})
export class RotationPolicyType extends Node {
  readonly row: RotationPolicy;

  constructor(row: RotationPolicy) {
    super();
    this.row = row;
  }

  protected globalId(): string {
    return encodeGlobalId('RotationPolicy', this.row.rootProviderId, this.row.id);
  }

  @Field(() => String)
  get name(): string {
    return this.row.name;
  }

  @Field(() => Int, { description: 'Of a key string, in days of 24 hours.' })
  get maximumAgeDays(): number {
    return this.row.maximumAgeDays;
  }

  @Field(() => RotationModeEnum)
  get mode(): RotationMode {
    return this.row.mode;
  }

  @Field(() => RotationWindowType)
  get window(): RotationWindowType {
    return new RotationWindowType(this.row.window);
  }

  @Field(() => [Int], { description: 'So many days ahead it is told, each once; the longest first.' })
  get noticeDays(): readonly number[] {
    return this.row.noticeDays;
  }

  @Field(() => Boolean, { description: 'Whether organizations on one string get a new one together, in one flip.' })
  get sharedString(): boolean {
    return this.row.sharedString;
  }

  @Field(() => Int, {
    description:
      'For how long the old string works beside the new one, as far as the provider still allows it; 0: not at all.',
  })
  get overlapMinutes(): number {
    return this.row.overlapMinutes;
  }

  @Field(() => Int, { description: 'For how long it works after the first use of the new one, within the overlap.' })
  get overlapGraceMinutes(): number {
    return this.row.overlapGraceMinutes;
  }

  @Field(() => Boolean)
  get isEnabled(): boolean {
    return this.row.isEnabled;
  }

  @Field(() => DateTimeScalar)
  get createdAt(): Date {
    return this.row.createdAt;
  }

  @Field(() => String)
  get createdByName(): string {
    return this.row.createdByName;
  }
}

export const RotationPolicyConnection = connectionType('RotationPolicy', () => RotationPolicyType);

@ObjectType({ simpleResolvers: true })
export class RotationPolicyPayload {
  @Field(() => RotationPolicyType, { nullable: true })
  rotationPolicy?: RotationPolicyType | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}

@ObjectType({ simpleResolvers: true })
export class DeleteRotationPolicyPayload {
  @Field(() => ID, { nullable: true, description: 'Of the policy that is gone.' })
  deletedId?: string | null;

  @Field(() => [UserError])
  userErrors!: UserError[];
}
