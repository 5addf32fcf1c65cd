import { NativeSelect, TextInput } from '@mantine/core';
import type { Fields } from '../../../components/fields.ts';
import { dayOf, instantOf, monthsAfter, type Period, periodWords } from './subscription-dates.ts';
import classes from './subscription-fields.module.css';

export interface SubscriptionValues {
  readonly plan: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly callThreshold: string;
  readonly thresholdPeriod: string;
}

export function newSubscription(): SubscriptionValues {
  return { plan: '', startsAt: '', endsAt: monthsAfter(Date.now(), 12), callThreshold: '', thresholdPeriod: 'DAY' };
}

const periods = Object.keys(periodWords) as Period[];

/** As the API takes it; null while it has no end. */
export function toSubscription({ plan, startsAt, endsAt, callThreshold, thresholdPeriod }: SubscriptionValues) {
  const end = instantOf(endsAt);
  if (end === null) return null;
  const threshold = callThreshold.trim() === '' ? null : Number(callThreshold);
  const period = periods.find((each) => each === thresholdPeriod) ?? 'DAY';
  return {
    plan: plan.trim(),
    startsAt: instantOf(startsAt),
    endsAt: end,
    callThreshold: threshold,
    thresholdPeriod: threshold === null ? null : period,
  };
}

/** What a subscription is made of. */
export function SubscriptionFields<Values extends SubscriptionValues>({ fields }: { readonly fields: Fields<Values> }) {
  const text = (name: keyof SubscriptionValues) => fields.text(name);
  return (
    <>
      <TextInput
        label="Plan"
        required
        withAsterisk={false}
        maxLength={100}
        dir="auto"
        data-autofocus
        {...text('plan')}
      />
      <div className={classes.pair}>
        <TextInput
          type="date"
          label="Starts on (optional)"
          description="Left empty: now"
          min={dayOf(Date.now())}
          {...text('startsAt')}
        />
        <TextInput
          type="date"
          label="Ends on"
          description="From 00:00 UTC that day"
          required
          withAsterisk={false}
          {...text('endsAt')}
        />
      </div>
      <div className={classes.pair}>
        <TextInput
          type="number"
          inputMode="numeric"
          min={1}
          step={1}
          label="Calls allowed (optional)"
          description="Left empty: any number"
          {...text('callThreshold')}
        />
        <NativeSelect
          label="In each"
          description="The call over it disables the key"
          disabled={fields.values.callThreshold.trim() === ''}
          data={periods.map((period) => ({ value: period, label: periodWords[period] }))}
          {...text('thresholdPeriod')}
        />
      </div>
    </>
  );
}
