import { Button, Skeleton } from '@mantine/core';
import { Building2 } from 'lucide-react';
import { Link } from 'react-router';
import { useTenantId } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState, ErrorState } from '../../components/states.tsx';
import { ENDING_SOON_DAYS, statuses } from '../../components/status.ts';
import { wholeNumber } from '../../components/time.ts';
import { failureOf } from '../../graphql/failure.ts';
import { FLEET_AT_MOST_EVERY_MS, useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { useMay } from '../../session/viewer.ts';
import { shareOf } from './bars.tsx';
import { Drift } from './drift.tsx';
import { EndingSoon } from './ending.tsx';
import { FirstSteps, useSetUp } from './first-steps.tsx';
import { KeysByAge, KeysByStatus, type Summary } from './keys.tsx';
import { dayOf, useLinkToTable } from './links.ts';
import { OverviewDocument } from './overview.graphql.ts';
import classes from './overview-page.module.css';
import { RecentEvents } from './recent-events.tsx';
import { ThresholdsNear } from './thresholds.tsx';

/** How the fleet is, in figures that lead to those they count. */
export default function OverviewPage() {
  usePageTitle('Overview');
  const serviceProviderId = useTenantId();
  const mayOnboard = useMay('organization:manage');
  const maySeeTrail = useMay('audit:view');
  const [{ data, error }, ask] = useFreshQuery(
    { query: OverviewDocument, variables: { serviceProviderId } },
    FLEET_AT_MOST_EVERY_MS,
  );
  const setUp = useSetUp();
  // Both come before anything is shown: what is above would push down what is below.
  const summary = setUp.isLoading ? undefined : data?.fleetSummary;

  return (
    <>
      <PageHead title="Overview">
        {mayOnboard && (
          <Button component={Link} to="/onboarding" size="xs" variant="default">
            Add organizations
          </Button>
        )}
      </PageHead>
      {error !== undefined && summary === undefined && (
        <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {error === undefined && summary === undefined && <OverviewSkeleton />}
      {summary !== undefined && (
        <div className={classes.page}>
          {setUp.counts !== null && (
            <FirstSteps
              counts={setUp.counts}
              organizationCount={summary.organizationCount}
              onHide={() => setUp.hide()}
            />
          )}
          {summary.organizationCount === 0 ? (
            <NoOrganizations mayOnboard={mayOnboard} />
          ) : (
            <>
              <Figures summary={summary} />
              <KeysByStatus summary={summary} />
              <KeysByAge summary={summary} />
              <EndingSoon summary={summary} />
              <ThresholdsNear summary={summary} />
              <Drift isWide={!maySeeTrail} />
            </>
          )}
          {maySeeTrail && <RecentEvents isWide={summary.organizationCount === 0} />}
        </div>
      )}
    </>
  );
}

function NoOrganizations({ mayOnboard }: { readonly mayOnboard: boolean }) {
  return (
    <div style={{ gridColumn: '1 / -1' }}>
      <EmptyState
        icon={Building2}
        title="No organizations yet"
        action={
          mayOnboard && (
            <Button component={Link} to="/onboarding" size="xs">
              Add organizations
            </Button>
          )
        }
      >
        The state of their keys and subscriptions will be summed up here.
      </EmptyState>
    </div>
  );
}

function Figures({ summary }: { readonly summary: Summary }) {
  const linkTo = useLinkToTable();
  const { organizationCount, enabledCount, disabledCount, emptyCount, subscriptionsEnding } = summary;
  const ending = subscriptionsEnding.find(({ days }) => days === ENDING_SOON_DAYS);
  const { enabled, disabledByProvider, noKey, endingSoon } = statuses;
  const figures = [
    { ...enabled, word: 'Keys enabled', count: enabledCount, to: linkTo({ key: 'ENABLED' }) },
    { ...disabledByProvider, word: 'Keys disabled', count: disabledCount, to: linkTo({ key: 'DISABLED' }) },
    { ...noKey, word: 'Without a key', count: emptyCount, to: linkTo({ key: 'NONE' }) },
    ...(ending === undefined
      ? []
      : [
          {
            ...endingSoon,
            word: 'Ending in 30 days',
            count: ending.count,
            to: linkTo({ subscription: 'ACTIVE', endsBefore: dayOf(ending.before), sort: 'SUBSCRIPTION_ENDS_AT' }),
          },
        ]),
  ];
  return (
    <ul className={classes.figures} aria-label="At a glance">
      <li>
        <Link to={linkTo({})} className={classes.figure}>
          <span>
            <Building2 size={14} aria-hidden />
            Organizations
          </span>
          <data value={organizationCount}>{wholeNumber(organizationCount)}</data>
        </Link>
      </li>
      {figures.map(({ word, icon: Icon, tone, count, to }) => (
        <li key={word}>
          <Link to={to} className={classes.figure}>
            <span>
              <Icon size={14} className={classes.tone} data-tone={tone} aria-hidden />
              {word}
            </span>
            <data value={count}>{wholeNumber(count)}</data>
            <span>{shareOf(count, organizationCount)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function OverviewSkeleton() {
  return (
    <div className={classes.page} aria-busy="true">
      <div style={{ gridColumn: '1 / -1' }}>
        <Skeleton height={88} />
      </div>
      {['status', 'age', 'ending', 'thresholds', 'drift', 'events'].map((card) => (
        <div key={card} className={classes.card}>
          <Skeleton height={14} width={140} mb="md" />
          {[90, 60, 40, 52, 30].map((width) => (
            <Skeleton key={width} height={10} width={`${width}%`} mb="sm" />
          ))}
        </div>
      ))}
    </div>
  );
}
