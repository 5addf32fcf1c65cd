import { RelativeTime } from '../../../components/relative-time.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import { exactTime, minutesInWords, wholeNumber } from '../../../components/time.ts';
import { statusOfOperation } from '../../sync/operation-words.ts';
import type { OperationFragment } from '../../sync/sync.graphql.ts';
import classes from '../rotation.module.css';

export const plannedColumns: readonly TableColumn<OperationFragment>[] = [
  {
    id: 'runAt',
    label: 'Begins (UTC)',
    width: 250,
    isFixed: true,
    isNarrow: true,
    cell: ({ runAt }) =>
      runAt !== null && (
        <>
          <span className={classes.name}>{exactTime(Date.parse(runAt)).replace(/:\d\d UTC$/, '')}</span>{' '}
          <span className={classes.second}>
            <RelativeTime at={runAt} />
          </span>
        </>
      ),
  },
  {
    id: 'string',
    label: 'New strings',
    width: 130,
    cell: ({ kind }) => (kind === 'SYNC_API_KEY' ? 'One for all' : 'One for each'),
  },
  { id: 'total', label: 'Organizations', width: 112, isNumber: true, cell: ({ total }) => wholeNumber(total) },
  {
    id: 'overlap',
    label: 'Overlap',
    width: 110,
    cell: ({ terms }) =>
      terms?.overlapMinutes == null ? (
        <span className={classes.second}>None</span>
      ) : (
        minutesInWords(terms.overlapMinutes)
      ),
  },
  {
    id: 'status',
    label: 'Status',
    width: 150,
    isNarrow: true,
    cell: (operation) => <StatusBadge status={statusOfOperation(operation)} />,
  },
  {
    id: 'createdBy',
    label: 'Planned by',
    width: 170,
    cell: ({ createdBy: { displayName } }) => (
      <span dir="auto" title={displayName}>
        {displayName}
      </span>
    ),
  },
  { id: 'createdAt', label: 'Planned', width: 120, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
];
