import { Skeleton } from '@mantine/core';
import { Gauge } from 'lucide-react';
import { Link } from 'react-router';
import { useTenantId } from '../../app/tenant.ts';
import { NEAR_PERCENT, toneOf } from '../../components/status.ts';
import { wholeNumber } from '../../components/time.ts';
import { FLEET_AT_MOST_EVERY_MS, useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { Bars, Card } from './bars.tsx';
import type { Summary } from './keys.tsx';
import { useLinkToTable } from './links.ts';
import { NearThresholdDocument, type NearThresholdQuery } from './overview.graphql.ts';
import classes from './overview-page.module.css';

const periods = { HOUR: 'an hour', DAY: 'a day', MONTH: 'a month' } as const;

/** Who will soon be out of calls: the call over the threshold disables the key. */
export function ThresholdsNear({ summary }: { readonly summary: Summary }) {
  const linkTo = useLinkToTable();
  const { thresholdsUsed, organizationCount } = summary;
  const bars = thresholdsUsed.map(({ percent, count }) => ({
    label: percent === 100 ? 'All of it' : `${percent}% or more`,
    tone: toneOf(percent),
    icon: Gauge,
    count,
    to: linkTo({ used: String(percent) }),
  }));
  const isAnyNear = thresholdsUsed.some(({ count }) => count > 0);
  return (
    <Card title="Thresholds near">
      <Bars label="Thresholds near" bars={bars} of={organizationCount} />
      {isAnyNear ? (
        <StillEnabled />
      ) : (
        <p className={classes.lead} style={{ margin: '12px 0 0' }}>
          No organization has used three quarters of the calls that it is allowed.
        </p>
      )}
    </Card>
  );
}

type Usage = NearThresholdQuery['organizations']['nodes'][number]['apiKey']['usage'];

const percentOf = ({ used, threshold }: Usage) => (threshold === null ? 0 : Math.floor((100 * used) / threshold));

/** Some of those whose key still works: they can be helped before it does not. */
function StillEnabled() {
  const serviceProviderId = useTenantId();
  const filter = { serviceProviderId, thresholdUsedPercentAtLeast: NEAR_PERCENT, apiKeyStatus: ['ENABLED'] as const };
  const [{ data, error }] = useFreshQuery(
    { query: NearThresholdDocument, variables: { filter } },
    FLEET_AT_MOST_EVERY_MS,
  );
  if (error !== undefined && data === undefined) return null;
  return (
    <ul className={classes.rows} aria-label="Near, and still enabled">
      {data === undefined
        ? [80, 64, 72, 56, 68].map((width) => (
            <li key={width}>
              <Skeleton height={10} width={`${width}%`} />
            </li>
          ))
        : data.organizations.nodes
            .toSorted((a, b) => percentOf(b.apiKey.usage) - percentOf(a.apiKey.usage))
            .map(({ id, name, apiKey: { usage } }) => (
              <li key={id}>
                <Link to={`/organizations/${id}`} className={classes.grow} dir="auto" title={name}>
                  {name}
                </Link>
                {usage.threshold !== null && (
                  <span className={classes.second}>
                    {percentOf(usage)}% of {wholeNumber(usage.threshold)} {periods[usage.period]}
                  </span>
                )}
              </li>
            ))}
    </ul>
  );
}
