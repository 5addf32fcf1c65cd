import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { TENANT_PARAMETER, useTenantId, useTenantSearch } from '../../app/tenant.ts';
import { auditWords } from '../../components/audit-words.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { failureOf } from '../../graphql/failure.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { Card } from './bars.tsx';
import { RecentEventsDocument } from './overview.graphql.ts';
import classes from './overview-page.module.css';

/** What happened last, as far as one may see it. */
export function RecentEvents({ isWide }: { readonly isWide: boolean }) {
  const serviceProviderId = useTenantId();
  const search = useTenantSearch();
  const [{ data, error }] = useFreshQuery({ query: RecentEventsDocument, variables: { serviceProviderId } });
  const addressOf = (event: string) =>
    `/audit?${new URLSearchParams({ event, ...(serviceProviderId && { [TENANT_PARAMETER]: serviceProviderId }) })}`;
  return (
    <Card title="Recent events" isWide={isWide} more={<Link to={`/audit${search}`}>See the audit trail</Link>}>
      {data === undefined && error !== undefined && <p className={classes.lead}>{failureOf(error).message}</p>}
      <ul
        className={`${classes.rows} ${classes.events}`}
        aria-label="Recent events"
        aria-busy={data === undefined && error === undefined}
      >
        {data === undefined && error === undefined
          ? [84, 60, 72, 66, 78, 58, 80, 64].map((width) => (
              <li key={width}>
                <Skeleton height={10} width={`${width}%`} />
              </li>
            ))
          : data?.auditEvents.nodes.map(({ id, at, action, result, actor, organization }) => (
              <li key={id}>
                <Link to={addressOf(id)} className={classes.grow}>
                  <b dir="auto" style={{ fontWeight: 550 }}>
                    {actor.displayName}
                  </b>{' '}
                  {auditWords(action, result)}
                  {organization !== null && (
                    <>
                      , <bdi>{organization.name}</bdi>
                    </>
                  )}
                  {result !== 'OK' && <span className={classes.code}> {result}</span>}
                </Link>
                <span className={classes.second}>
                  <RelativeTime at={at} />
                </span>
              </li>
            ))}
      </ul>
    </Card>
  );
}
