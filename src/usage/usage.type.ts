import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../graphql/date-time.ts';
import { enumOf } from '../graphql/enum.ts';
import { ThresholdPeriodEnum } from '../subscription/subscription.type.ts';
import { type Standing, standingAt } from './count-calls.ts';
import type { SlotUsage } from './slot-usage.ts';
import { usageGranularities } from './usage-history.ts';

export const UsageGranularityEnum = enumOf(usageGranularities);
registerEnumType(UsageGranularityEnum, { name: 'UsageGranularity' });

@ObjectType('UsagePoint', { simpleResolvers: true, description: 'The calls of one hour, day or month, in UTC.' })
export class UsagePointType {
  @Field(() => DateTimeScalar)
  startsAt!: Date;

  @Field(() => Float, { description: 'A whole number.' })
  calls!: number;
}

@ObjectType('UsageWarning', {
  simpleResolvers: true,
  description: 'The window has used up so much of its threshold. Told once for each part.',
})
export class UsageWarningType {
  @Field(() => Int, { description: '75, 90 or 100.' })
  percent!: number;

  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => Float, { description: 'Calls counted by then. A whole number.' })
  used!: number;

  @Field(() => Int, { description: 'As it was then.' })
  threshold!: number;
}

@ObjectType('ApiKeyUsage', {
  simpleResolvers: true,
  description: 'The calls made with a slot, counted in windows of the UTC calendar.',
})
export class ApiKeyUsageType {
  readonly row: SlotUsage;
  readonly standing: Standing;

  constructor(row: SlotUsage, now: Date) {
    this.row = row;
    this.standing = standingAt(row.counter, row, now);
  }

  @Field(() => Float, { description: 'Calls counted in the current window. A whole number.' })
  get used(): number {
    return this.standing.used;
  }

  @Field(() => Int, { nullable: true, description: 'Calls allowed in a window; null for no limit.' })
  get threshold(): number | null {
    return this.row.callThreshold;
  }

  @Field(() => ThresholdPeriodEnum, {
    description: 'How long a window is. Without a threshold calls are counted by the month.',
  })
  get period(): keyof typeof ThresholdPeriodEnum {
    return this.row.thresholdPeriod ?? 'MONTH';
  }

  @Field(() => DateTimeScalar, {
    description: 'Where the calendar period begins, or later: where support has opened a fresh window.',
  })
  get windowStartsAt(): Date {
    return this.standing.window.startsAt;
  }

  @Field(() => DateTimeScalar, { description: 'The first instant of the next window. A disabled key stays disabled.' })
  get resetsAt(): Date {
    return this.standing.window.endsAt;
  }
}
