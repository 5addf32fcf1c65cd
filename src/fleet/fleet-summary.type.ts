import { Field, Int, ObjectType } from 'type-graphql';
import type { DisablementSource } from '../api-key/api-key.ts';
import { DisablementSourceEnum } from '../api-key/api-key.type.ts';
import { DateTimeScalar } from '../graphql/date-time.ts';
import type { CountedAge, CountedEnd, CountedSource, CountedUse } from './fleet-summary.ts';

@ObjectType('DisabledByCount', { simpleResolvers: true })
export class CountedSourceType implements CountedSource {
  @Field(() => DisablementSourceEnum)
  readonly source!: DisablementSource;

  @Field(() => Int, { description: 'As the filter `disablementSource` finds them.' })
  readonly count!: number;
}

@ObjectType('SubscriptionsEndingCount', { simpleResolvers: true })
export class CountedEndType implements CountedEnd {
  @Field(() => Int)
  readonly days!: number;

  @Field(() => DateTimeScalar, { description: 'Midnight UTC that many days after today.' })
  readonly before!: Date;

  @Field(() => Int, {
    description: 'As the filters `subscriptionStatus: ACTIVE` and `subscriptionEndsBefore` find them.',
  })
  readonly count!: number;
}

@ObjectType('ApiKeyAgeCount', { simpleResolvers: true })
export class CountedAgeType implements CountedAge {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null of the oldest.' })
  readonly since!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Null of the youngest.' })
  readonly before!: Date | null;

  @Field(() => Int, { description: 'As the filters `keyModifiedSince` and `keyModifiedBefore` find them.' })
  readonly count!: number;
}

@ObjectType('ThresholdUsedCount', { simpleResolvers: true })
export class CountedUseType implements CountedUse {
  @Field(() => Int, { description: 'Per cent of the call threshold.' })
  readonly percent!: number;

  @Field(() => Int, { description: 'As the filter `thresholdUsedPercentAtLeast` finds them.' })
  readonly count!: number;
}

@ObjectType('FleetSummary', {
  simpleResolvers: true,
  description:
    'How many organizations are in which state, by their CLOUD_SERVICE slots. Each number is what a filter finds.',
})
export class FleetSummaryType {
  @Field(() => Int)
  readonly organizationCount!: number;

  @Field(() => Int)
  readonly enabledCount!: number;

  @Field(() => Int)
  readonly disabledCount!: number;

  @Field(() => Int, { description: 'Of `NONE`: empty, and not disabled.' })
  readonly emptyCount!: number;

  @Field(() => [CountedSourceType], { description: 'A slot that is disabled for several reasons counts for each.' })
  readonly disabledBy!: readonly CountedSourceType[];

  @Field(() => [CountedEndType], { description: 'The soonest first; each holds those before it.' })
  readonly subscriptionsEnding!: readonly CountedEndType[];

  @Field(() => [CountedAgeType], { description: 'Of the strings that slots hold; the youngest first.' })
  readonly keyAges!: readonly CountedAgeType[];

  @Field(() => [CountedUseType], {
    description: 'Call thresholds that are used up in part now: 75, 90 and 100 per cent, each with those after it.',
  })
  readonly thresholdsUsed!: readonly CountedUseType[];
}
