import { useQuery } from 'urql';
import type { OrganizationTabProps } from '../../../app/screen.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { DateOnly, RelativeTime } from '../../../components/relative-time.tsx';
import { wholeNumber } from '../../../components/time.ts';
import classes from '../../organizations/organizations-page.module.css';
import { OrganizationHeadDocument } from '../organization.graphql.ts';

const periods = { HOUR: 'hour', DAY: 'day', MONTH: 'month' } as const;

/** What an organization is, apart from its key. */
export default function Details({ organizationId }: OrganizationTabProps) {
  const [{ data }] = useQuery({
    query: OrganizationHeadDocument,
    variables: { id: organizationId },
    requestPolicy: 'cache-first',
  });
  const organization = data?.organization;
  if (organization === undefined || organization === null) return null;
  const { subscription, baseUrl, createdAt, externalId, id } = organization;
  return (
    <dl className={classes.facts} style={{ padding: 0, maxWidth: 640 }}>
      <dt>Base URL</dt>
      <dd>
        {baseUrl} <CopyButton value={baseUrl} label="Copy base URL" />
      </dd>
      <dt>Id</dt>
      <dd>
        {id} <CopyButton value={id} label="Copy id" />
      </dd>
      <dt>External id</dt>
      <dd>{externalId ?? '–'}</dd>
      <dt>Created</dt>
      <dd>
        <RelativeTime at={createdAt} />
      </dd>
      <dt>Subscription</dt>
      <dd>
        {subscription === null ? (
          'None yet'
        ) : (
          <>
            {subscription.plan}, <DateOnly at={subscription.startsAt} /> to <DateOnly at={subscription.endsAt} />
          </>
        )}
      </dd>
      {subscription?.callThreshold != null && subscription.thresholdPeriod !== null && (
        <>
          <dt>Calls allowed</dt>
          <dd>
            {wholeNumber(subscription.callThreshold)} a {periods[subscription.thresholdPeriod]}
          </dd>
        </>
      )}
    </dl>
  );
}
