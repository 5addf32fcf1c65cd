import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import { statusOfDelivery } from '../endpoint-rules.ts';
import type { DeliveryFragment } from '../webhooks.graphql.ts';
import classes from '../webhooks.module.css';

/** "204", or why there was no answer. */
export function answerOf({ responseStatus, error, attempts }: DeliveryFragment): string {
  if (responseStatus !== null) return String(responseStatus);
  return error ?? (attempts === 0 ? 'Not tried yet' : 'No answer');
}

export const deliveryColumns: readonly TableColumn<DeliveryFragment>[] = [
  {
    id: 'type',
    label: 'Event',
    width: 220,
    isFixed: true,
    isNarrow: true,
    cell: ({ type }) => (
      <span className={classes.mono} title={type}>
        {type}
      </span>
    ),
  },
  {
    id: 'status',
    label: 'Status',
    width: 120,
    isNarrow: true,
    cell: ({ status }) => <StatusBadge status={statusOfDelivery(status)} />,
  },
  {
    id: 'answer',
    label: 'Last answer',
    width: 230,
    cell: (delivery) => <span title={delivery.error ?? undefined}>{answerOf(delivery)}</span>,
  },
  { id: 'attempts', label: 'Attempts', width: 90, isNumber: true, cell: ({ attempts }) => attempts },
  {
    id: 'next',
    label: 'Next try',
    width: 130,
    cell: ({ status, attempts, nextAttemptAt }) => {
      if (nextAttemptAt !== null) return <RelativeTime at={nextAttemptAt} />;
      if (status !== 'PENDING') return null;
      return <span className={classes.second}>{attempts === 0 ? 'In its turn' : 'Soon'}</span>;
    },
  },
  {
    id: 'last',
    label: 'Last try',
    width: 130,
    cell: ({ lastAttemptAt }) => (lastAttemptAt === null ? null : <RelativeTime at={lastAttemptAt} />),
  },
  { id: 'created', label: 'In line since', width: 130, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
];
