import { SegmentedControl, Skeleton } from '@mantine/core';
import { RelativeTime, useNow } from '../../../components/relative-time.tsx';
import { ErrorState } from '../../../components/states.tsx';
import { useUrlState } from '../../../components/url-state.ts';
import { failureOf } from '../../../graphql/failure.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import card from '../key/key-tab.module.css';
import { type Span, spans } from './spans.ts';
import { ThresholdMeter } from './threshold-meter.tsx';
import { type ApiKeyKind, SlotUsageDocument } from './usage.graphql.ts';
import classes from './usage.module.css';
import { UsageChart } from './usage-chart.tsx';

interface UsageCardProps {
  readonly organizationId: string;
  readonly kind: ApiKeyKind;
}

/** What a slot is used for: calls by hour, day or month, and how near its threshold is. */
export function UsageCard({ organizationId, kind }: UsageCardProps) {
  const url = useUrlState();
  const span = spans.find(({ value }) => value === url.text('usage')) ?? spans[0];
  return (
    <section className={card.card} aria-label="Usage">
      <div className={card.cardHead}>
        <h2 className={card.cardTitle}>Usage</h2>
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          data={spans.map(({ value, label }) => ({ value, label }))}
          value={span.value}
          onChange={(value) => url.set({ usage: value === spans[0].value ? null : value })}
        />
      </div>
      <Usage organizationId={organizationId} kind={kind} span={span} />
    </section>
  );
}

function Usage({ organizationId, kind, span }: UsageCardProps & { readonly span: Span }) {
  const since = new Date(span.since(useNow())).toISOString();
  const variables = { id: organizationId, kind, since, granularity: span.granularity };
  const [{ data, error }, ask] = useFreshQuery({ query: SlotUsageDocument, variables });
  const slot = data?.organization?.apiKey;
  if (error !== undefined && data === undefined) {
    return <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  }
  if (slot === undefined) {
    return (
      <div className={classes.body} aria-busy="true">
        <Skeleton height={14} width="60%" />
        <Skeleton height={160} />
      </div>
    );
  }
  const { usage, disablements, lastUsedAt, lastUsedAddress } = slot;
  return (
    <div className={classes.body}>
      <div className={classes.standing}>
        <ThresholdMeter usage={usage} isStopped={disablements.some(({ source }) => source === 'CALL_THRESHOLD')} />
        <p className={classes.words}>
          {lastUsedAt === null ? (
            'It was never called with.'
          ) : (
            <>
              Last call <RelativeTime at={lastUsedAt} />
              {lastUsedAddress !== null && (
                <>
                  {' '}
                  from <span className={card.mono}>{lastUsedAddress}</span>
                </>
              )}
              .
            </>
          )}
        </p>
      </div>
      {usage.history.every(({ calls }) => calls === 0) ? (
        <p className={classes.none}>No calls in {span.label}. They are counted here from the first one on.</p>
      ) : (
        <UsageChart
          span={span}
          points={usage.history}
          limit={usage.period === span.granularity ? usage.threshold : null}
        />
      )}
    </div>
  );
}
