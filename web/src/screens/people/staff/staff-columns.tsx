import { RelativeTime } from '../../../components/relative-time.tsx';
import { roleInWords } from '../../../components/role.ts';
import type { StatusName } from '../../../components/status.ts';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import classes from '../people.module.css';
import type { StaffRowFragment } from './staff.graphql.ts';

export type StaffRow = StaffRowFragment;

function statusOf({ isActive, mustChangePassword }: StaffRow): StatusName {
  if (!isActive) return 'deactivated';
  return mustChangePassword ? 'passwordDue' : 'active';
}

/** The organization, the provider, or the platform whose people they are of. */
export function placeName({ organization, serviceProvider }: Pick<StaffRow, 'organization' | 'serviceProvider'>) {
  return organization?.name ?? serviceProvider?.name ?? 'Platform';
}

const never = <span className={classes.second}>Never</span>;

export const staffColumns: readonly TableColumn<StaffRow>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 170,
    isFixed: true,
    isNarrow: true,
    cell: ({ displayName }) => (
      <span className={classes.name} dir="auto" title={displayName}>
        {displayName}
      </span>
    ),
  },
  {
    id: 'username',
    label: 'User name',
    width: 200,
    cell: ({ username }) => <span title={username}>{username}</span>,
  },
  { id: 'role', label: 'Role', width: 140, cell: ({ role }) => <span dir="auto">{roleInWords(role)}</span> },
  {
    id: 'place',
    label: 'At',
    width: 170,
    cell: (row) => (
      <span dir="auto" title={placeName(row)}>
        {placeName(row)}
      </span>
    ),
  },
  { id: 'status', label: 'Status', width: 172, isNarrow: true, cell: (row) => <StatusBadge status={statusOf(row)} /> },
  {
    id: 'lastLogin',
    label: 'Last signed in',
    width: 116,
    cell: ({ lastLoginAt }) => (lastLoginAt === null ? never : <RelativeTime at={lastLoginAt} />),
  },
  {
    id: 'signsInAt',
    label: 'Signs in',
    width: 150,
    isHiddenAtFirst: true,
    cell: ({ signsInAt }) => (signsInAt === 'KEYWARD' ? 'With a password' : 'By single sign-on'),
  },
  {
    id: 'created',
    label: 'Added',
    width: 130,
    isHiddenAtFirst: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];
