import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { useTenantId } from '../../app/tenant.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { statuses } from '../../components/status.ts';
import { FLEET_AT_MOST_EVERY_MS, useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { Bars, Card } from './bars.tsx';
import type { Summary } from './keys.tsx';
import { dayOf, useLinkToTable } from './links.ts';
import { EndingSoonestDocument } from './overview.graphql.ts';
import classes from './overview-page.module.css';

/** Which subscriptions end in the next 30 days, the soonest by name. */
export function EndingSoon({ summary }: { readonly summary: Summary }) {
  const linkTo = useLinkToTable();
  const linkBefore = (before: string) =>
    linkTo({ subscription: 'ACTIVE', endsBefore: dayOf(before), sort: 'SUBSCRIPTION_ENDS_AT' });
  const bars = summary.subscriptionsEnding.map(({ days, before, count }) => ({
    label: `Within ${days} days`,
    tone: statuses.endingSoon.tone,
    icon: statuses.endingSoon.icon,
    count,
    to: linkBefore(before),
  }));
  const last = summary.subscriptionsEnding.at(-1);
  return (
    <Card title="Subscriptions ending">
      <Bars label="Subscriptions ending" bars={bars} of={summary.organizationCount} />
      {last !== undefined && last.count > 0 && <Soonest before={last.before} />}
      {last?.count === 0 && (
        <p className={classes.lead} style={{ margin: '12px 0 0' }}>
          None ends in the next {last.days} days.
        </p>
      )}
    </Card>
  );
}

function Soonest({ before }: { readonly before: string }) {
  const serviceProviderId = useTenantId();
  const filter = { serviceProviderId, subscriptionStatus: ['ACTIVE'] as const, subscriptionEndsBefore: before };
  const [{ data, error }] = useFreshQuery(
    { query: EndingSoonestDocument, variables: { filter } },
    FLEET_AT_MOST_EVERY_MS,
  );
  if (error !== undefined && data === undefined) return null;
  return (
    <ul className={classes.rows} aria-label="The next to end">
      {data === undefined
        ? [80, 64, 72, 56, 68].map((width) => (
            <li key={width}>
              <Skeleton height={10} width={`${width}%`} />
            </li>
          ))
        : data.organizations.nodes.map(({ id, name, subscription }) => (
            <li key={id}>
              <Link to={`/organizations/${id}`} className={classes.grow} dir="auto" title={name}>
                {name}
              </Link>
              <span className={classes.second}>
                {subscription !== null && (
                  <>
                    {subscription.plan}, <RelativeTime at={subscription.endsAt} />
                  </>
                )}
              </span>
            </li>
          ))}
    </ul>
  );
}
