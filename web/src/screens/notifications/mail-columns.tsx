import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { TableColumn } from '../../components/table/column.ts';
import { plural } from '../../components/time.ts';
import classes from '../webhooks/webhooks.module.css';
import type { MailRecipientRowFragment } from './mail.graphql.ts';
import { digestInWords, statusOfRecipient, troubleOf } from './mail-rules.ts';

export const mailColumns: readonly TableColumn<MailRecipientRowFragment>[] = [
  {
    id: 'address',
    label: 'Address',
    width: 224,
    isFixed: true,
    isNarrow: true,
    cell: ({ address }) => (
      <span className={classes.name} title={address}>
        {address}
      </span>
    ),
  },
  {
    id: 'status',
    label: 'Status',
    width: 112,
    isNarrow: true,
    cell: (recipient) => (
      <span title={troubleOf(recipient) ?? undefined}>
        <StatusBadge status={statusOfRecipient(recipient)} />
      </span>
    ),
  },
  { id: 'digest', label: 'Mails', width: 84, cell: ({ digest }) => digestInWords(digest) },
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
    id: 'last',
    label: 'Last mail',
    width: 96,
    cell: ({ lastSentAt }) =>
      lastSentAt === null ? <span className={classes.second}>Never</span> : <RelativeTime at={lastSentAt} />,
  },
  {
    id: 'next',
    label: 'Next mail',
    width: 128,
    cell: ({ nextMailAt }) =>
      nextMailAt === null ? <span className={classes.second}>Nothing to tell</span> : <RelativeTime at={nextMailAt} />,
  },
  {
    id: 'provider',
    label: 'Provider',
    width: 170,
    cell: ({ serviceProvider: { name } }) => (
      <span dir="auto" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'createdBy',
    label: 'Chosen by',
    width: 150,
    isHiddenAtFirst: true,
    cell: ({ createdByName }) => <bdi>{createdByName}</bdi>,
  },
];
