import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { TableColumn } from '../../components/table/column.ts';
import { minutesInWords, plural } from '../../components/time.ts';
import type { PolicyFragment } from './rotation.graphql.ts';
import classes from './rotation.module.css';
import { placeOf, statusOfPolicy, windowInWords } from './rotation-words.ts';

/** What its provider still allows may be less than what it asks for. */
function overlapOf({ overlapMinutes, serviceProvider }: PolicyFragment): number {
  return Math.min(overlapMinutes, serviceProvider.overlapAllowedMinutes);
}

export const policyColumns: readonly TableColumn<PolicyFragment>[] = [
  {
    id: 'name',
    label: 'Policy',
    width: 140,
    isFixed: true,
    isNarrow: true,
    cell: ({ name }) => (
      <span className={classes.name} dir="auto" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'place',
    label: 'For',
    width: 164,
    cell: (policy) => {
      const { kind, name } = placeOf(policy);
      if (name === null) return <span className={classes.second}>A group that is gone</span>;
      return (
        <span title={name}>
          <span className={classes.second}>{kind}</span> <bdi>{name}</bdi>
        </span>
      );
    },
  },
  { id: 'age', label: 'Maximum age', width: 106, cell: ({ maximumAgeDays }) => plural(maximumAgeDays, 'day') },
  {
    id: 'mode',
    label: 'Then',
    width: 126,
    cell: ({ mode, sharedString }) => {
      if (mode === 'NOTIFY') return 'People are told';
      return sharedString ? 'One new string' : 'New string each';
    },
  },
  {
    id: 'window',
    label: 'Window',
    width: 180,
    cell: ({ window }) => <span title={windowInWords(window)}>{windowInWords(window)}</span>,
  },
  {
    id: 'notice',
    label: 'Told ahead',
    width: 104,
    cell: ({ noticeDays }) => (noticeDays.length === 0 ? 'Not at all' : `${noticeDays.join(', ')} days`),
  },
  {
    id: 'overlap',
    label: 'Overlap',
    width: 78,
    cell: (policy) =>
      overlapOf(policy) === 0 ? <span className={classes.second}>None</span> : minutesInWords(overlapOf(policy)),
  },
  {
    id: 'status',
    label: 'Status',
    width: 112,
    isNarrow: true,
    cell: (policy) => <StatusBadge status={statusOfPolicy(policy)} />,
  },
  {
    id: 'createdBy',
    label: 'Added by',
    width: 150,
    isHiddenAtFirst: true,
    cell: ({ createdByName }) => <bdi>{createdByName}</bdi>,
  },
  {
    id: 'created',
    label: 'Added',
    width: 120,
    isHiddenAtFirst: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
];
