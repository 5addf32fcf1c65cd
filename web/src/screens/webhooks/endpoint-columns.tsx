import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { TableColumn } from '../../components/table/column.ts';
import { plural } from '../../components/time.ts';
import { disabledWords, originOf, statusOfEndpoint } from './endpoint-rules.ts';
import type { EndpointFragment } from './webhooks.graphql.ts';
import classes from './webhooks.module.css';

export const endpointColumns: readonly TableColumn<EndpointFragment>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 170,
    isFixed: true,
    isNarrow: true,
    cell: ({ name }) => (
      <span className={classes.name} dir="auto" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'url',
    label: 'Sends to',
    width: 230,
    cell: ({ url }) => (
      <span className={classes.mono} title={url}>
        {originOf(url)}
      </span>
    ),
  },
  {
    id: 'status',
    label: 'Status',
    width: 112,
    isNarrow: true,
    cell: (endpoint) => (
      <span title={endpoint.disabledReason === null ? undefined : disabledWords[endpoint.disabledReason]}>
        <StatusBadge status={statusOfEndpoint(endpoint)} />
      </span>
    ),
  },
  {
    id: 'since',
    label: 'Since',
    width: 110,
    cell: ({ disabledAt, failingSince }) => {
      const since = disabledAt ?? failingSince;
      return since === null ? null : <RelativeTime at={since} />;
    },
  },
  {
    id: 'events',
    label: 'Events',
    width: 84,
    cell: ({ events }) => <span title={events.join(', ')}>{plural(events.length, 'type')}</span>,
  },
  {
    id: 'organizations',
    label: 'Organizations',
    width: 114,
    cell: ({ organizationIds }) => (organizationIds === null ? 'All' : organizationIds.length),
  },
  {
    id: 'provider',
    label: 'Provider',
    width: 180,
    cell: ({ serviceProvider: { name } }) => (
      <span dir="auto" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'created',
    label: 'Created',
    width: 130,
    isHiddenAtFirst: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    id: 'createdBy',
    label: 'Created by',
    width: 150,
    isHiddenAtFirst: true,
    cell: ({ createdByName }) => <bdi>{createdByName}</bdi>,
  },
];
