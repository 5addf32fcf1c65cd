import { CopyButton } from '../../../components/copy-button.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import classes from '../people.module.css';
import type { ServiceAccountRowFragment } from './service-accounts.graphql.ts';

export type ServiceAccountRow = ServiceAccountRowFragment;

export function placeName({ organization, serviceProvider }: ServiceAccountRow): string {
  return organization?.name ?? serviceProvider?.name ?? 'Platform';
}

export const serviceAccountColumns: readonly TableColumn<ServiceAccountRow>[] = [
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
    id: 'clientId',
    label: 'Client id',
    width: 220,
    cell: ({ clientId, name }) => (
      <>
        <span style={{ fontFamily: 'var(--kw-mono)' }} title={clientId}>
          {clientId.length > 22 ? `${clientId.slice(0, 22)}…` : clientId}
        </span>{' '}
        <CopyButton value={clientId} label={`Copy client id of ${name}`} />
      </>
    ),
  },
  {
    id: 'place',
    label: 'At',
    width: 160,
    cell: (row) => (
      <span dir="auto" title={placeName(row)}>
        {placeName(row)}
      </span>
    ),
  },
  {
    id: 'status',
    label: 'Status',
    width: 110,
    isNarrow: true,
    cell: ({ revokedAt }) => <StatusBadge status={revokedAt === null ? 'active' : 'revoked'} />,
  },
  {
    id: 'permissions',
    label: 'May do',
    width: 150,
    cell: ({ permissions }) => <span title={permissions.join(', ')}>{permissions.join(', ')}</span>,
  },
  { id: 'secrets', label: 'Secrets', width: 80, isNumber: true, cell: ({ secrets }) => secrets.length },
  {
    id: 'lastUsed',
    label: 'Last used',
    width: 110,
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span className={classes.second}>Never</span> : <RelativeTime at={lastUsedAt} />,
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
    cell: ({ createdBy }) => createdBy.displayName,
  },
];
