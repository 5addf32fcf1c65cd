import { Text } from '@mantine/core';
import { KeyBadge } from '../../components/key-badge.tsx';
import { DateOnly, RelativeTime, useNow } from '../../components/relative-time.tsx';
import { statusOfSubscription } from '../../components/status.ts';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { TableColumn } from '../../components/table/column.ts';
import type { OrganizationsPageQuery } from './organizations.graphql.ts';
import { UsageCell } from './usage-cell.tsx';

export type OrganizationRow = OrganizationsPageQuery['organizations']['nodes'][number];

/** The column that is asked for only while it is shown. */
export const USAGE_COLUMN = 'usage';

const none = <span title="None">–</span>;

function SubscriptionStatus({ row: { subscription } }: { readonly row: OrganizationRow }) {
  const now = useNow();
  return subscription === null ? none : <StatusBadge status={statusOfSubscription(subscription, now)} />;
}

/** Those that are shown at first fit a screen of 1280 px. */
export const organizationColumns: readonly TableColumn<OrganizationRow>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 204,
    sortBy: 'NAME',
    isFixed: true,
    isNarrow: true,
    cell: ({ name }) => (
      <Text component="span" size="sm" fw={550} dir="auto" title={name}>
        {name}
      </Text>
    ),
  },
  {
    id: 'key',
    label: 'API key',
    width: 176,
    isNarrow: true,
    cell: ({ apiKey }) => <KeyBadge apiKey={apiKey} />,
  },
  {
    id: 'maskedKey',
    label: 'Key string',
    width: 140,
    isHiddenAtFirst: true,
    cell: ({ apiKey: { maskedKey } }) =>
      maskedKey === null ? none : <span style={{ fontFamily: 'var(--kw-mono)' }}>{maskedKey}</span>,
  },
  { id: 'subscription', label: 'Subscription', width: 126, cell: (row) => <SubscriptionStatus row={row} /> },
  {
    id: 'plan',
    label: 'Plan',
    width: 110,
    isHiddenAtFirst: true,
    cell: ({ subscription }) => subscription?.plan ?? none,
  },
  {
    id: 'endsAt',
    label: 'Ends',
    width: 104,
    sortBy: 'SUBSCRIPTION_ENDS_AT',
    cell: ({ subscription }) => (subscription === null ? none : <DateOnly at={subscription.endsAt} />),
  },
  {
    id: USAGE_COLUMN,
    label: 'Threshold used',
    width: 122,
    cell: ({ calls }) => (calls === undefined ? none : <UsageCell usage={calls.usage} />),
  },
  {
    id: 'provider',
    label: 'Provider',
    width: 132,
    cell: ({ serviceProvider: { name } }) => (
      <span dir="auto" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'externalId',
    label: 'External id',
    width: 104,
    isHiddenAtFirst: true,
    cell: ({ externalId }) => externalId ?? none,
  },
  {
    id: 'lastModified',
    label: 'Key modified',
    width: 110,
    sortBy: 'KEY_LAST_MODIFIED_AT',
    cell: ({ apiKey: { lastModifiedAt } }) => (lastModifiedAt === null ? none : <RelativeTime at={lastModifiedAt} />),
  },
  {
    id: 'lastModifiedBy',
    label: 'Modified by',
    width: 150,
    isHiddenAtFirst: true,
    cell: ({ apiKey: { lastModifiedBy } }) => lastModifiedBy?.displayName ?? none,
  },
];
