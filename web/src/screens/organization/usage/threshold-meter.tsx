import { RelativeTime } from '../../../components/relative-time.tsx';
import { NEAR_PERCENT, toneOf } from '../../../components/status.ts';
import { plural, wholeNumber } from '../../../components/time.ts';
import type { SlotUsageQuery } from './usage.graphql.ts';
import classes from './usage.module.css';

type Usage = NonNullable<SlotUsageQuery['organization']>['apiKey']['usage'];

const now = { HOUR: 'this hour', DAY: 'today', MONTH: 'this month' } as const;

interface ThresholdMeterProps {
  readonly usage: Usage;
  /** The call over it has disabled the key already. */
  readonly isStopped: boolean;
}

/** How much of what a window allows is used up, and when it begins anew. */
export function ThresholdMeter({ usage, isStopped }: ThresholdMeterProps) {
  const { used, threshold, period, resetsAt } = usage;
  const begins = (
    <>
      Counted anew <RelativeTime at={resetsAt} />.
    </>
  );
  if (threshold === null) {
    return (
      <p className={classes.words}>
        <b>{plural(used, 'call')}</b> {now[period]}, without a limit. {begins}
      </p>
    );
  }
  const percent = Math.floor((100 * used) / threshold);
  return (
    <div>
      <p className={classes.words}>
        <b>
          {wholeNumber(used)} of {plural(threshold, 'call')}
        </b>{' '}
        {now[period]}: {percent}% of the threshold. {begins}
      </p>
      <div className={classes.meter} aria-hidden>
        <div data-tone={toneOf(percent)} style={{ width: `${Math.min(100, percent)}%` }} />
      </div>
      {percent >= NEAR_PERCENT && !isStopped && (
        <p className={classes.hint}>
          {percent >= 100
            ? 'The next call disables the key, until support enables it.'
            : 'The first call over the threshold disables the key, until support enables it.'}
        </p>
      )}
    </div>
  );
}
