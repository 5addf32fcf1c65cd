import { DateOnly, RelativeTime } from '../../../components/relative-time.tsx';
import { roleInWords } from '../../../components/role.ts';
import type { StatusName } from '../../../components/status.ts';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import { plural } from '../../../components/time.ts';
import classes from '../people.module.css';
import type { DelegationRowFragment } from './delegations.graphql.ts';

export type DelegationRow = DelegationRowFragment;

const statusOf: Readonly<Record<DelegationRow['status'], StatusName>> = {
  ACTIVE: 'active',
  PENDING: 'toAccept',
  ENDED: 'ended',
  EXPIRED: 'expired',
};

/** The provider on the other side; before it has accepted, its name is not known. */
export function otherSide({ side, serviceProviderName, granteeName }: DelegationRow): string {
  return side === 'RECEIVED' ? serviceProviderName : (granteeName ?? 'A provider that has not accepted yet');
}

export const delegationColumns: readonly TableColumn<DelegationRow>[] = [
  {
    id: 'other',
    label: 'Provider',
    width: 210,
    isFixed: true,
    isNarrow: true,
    cell: (row) => (
      <span className={classes.name} dir="auto" title={otherSide(row)}>
        {otherSide(row)}
      </span>
    ),
  },
  {
    id: 'side',
    label: 'Direction',
    width: 110,
    cell: ({ side }) => (side === 'RECEIVED' ? 'Lent to you' : 'Lent by you'),
  },
  {
    id: 'status',
    label: 'Status',
    width: 150,
    isNarrow: true,
    cell: ({ status }) => <StatusBadge status={statusOf[status]} />,
  },
  { id: 'role', label: 'Role', width: 140, cell: ({ role }) => roleInWords(role) },
  {
    id: 'organizations',
    label: 'Organizations',
    width: 130,
    isNumber: true,
    cell: ({ organizationCount }) => plural(organizationCount, 'organization'),
  },
  {
    id: 'expires',
    label: 'Holds until',
    width: 120,
    cell: ({ expiresAt }) => <DateOnly at={expiresAt} />,
  },
  {
    id: 'note',
    label: 'Note',
    width: 150,
    cell: ({ note }) =>
      note === null ? (
        <span title="None">–</span>
      ) : (
        <span dir="auto" title={note}>
          {note}
        </span>
      ),
  },
  {
    id: 'created',
    label: 'Granted',
    width: 120,
    isHiddenAtFirst: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    id: 'createdBy',
    label: 'Granted by',
    width: 150,
    isHiddenAtFirst: true,
    cell: ({ createdBy }) => createdBy.displayName,
  },
];
