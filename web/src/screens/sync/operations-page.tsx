import { Button, Text } from '@mantine/core';
import { ArrowLeftRight } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import { useTenantId, useTenantName, useTenantSearch } from '../../app/tenant.ts';
import { usePageTitle } from '../../components/page-title.ts';
import { RelativeTime } from '../../components/relative-time.tsx';
import { EmptyState } from '../../components/states.tsx';
import { statuses } from '../../components/status.ts';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { TableColumn } from '../../components/table/column.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useLayout } from '../../components/table/layout.ts';
import { wholeNumber } from '../../components/time.ts';
import { usePages } from '../../graphql/use-pages.ts';
import { useMay } from '../../session/viewer.ts';
import { isAhead, kinds, outcomeCount, statusOfOperation, statusOfOutcome, titleOf } from './operation-words.ts';
import { type BulkOutcome, type OperationFragment, OperationsPageDocument } from './sync.graphql.ts';
import classes from './sync.module.css';
import { SyncHead } from './sync-head.tsx';

/** Of one that has done nothing yet: how many would be, and it says so. */
function countOf(outcome: BulkOutcome, label: string, width: number): TableColumn<OperationFragment> {
  return {
    id: label.toLowerCase(),
    label,
    width,
    isNumber: true,
    cell: (operation) => {
      const count = wholeNumber(outcomeCount(operation, outcome));
      if (!isAhead(operation)) return count;
      const { word } = statuses[statusOfOutcome(operation, outcome)];
      return (
        <Text component="span" size="sm" c="var(--kw-ink-2)" title={word}>
          {count}
          <span className="visually-hidden"> {word.toLowerCase()}</span>
        </Text>
      );
    },
  };
}

const columns: readonly TableColumn<OperationFragment>[] = [
  {
    id: 'kind',
    label: 'What',
    width: 216,
    isFixed: true,
    isNarrow: true,
    cell: ({ kind, dryRun }) => (
      <Text component="span" size="sm" fw={dryRun ? 400 : 550} c={dryRun ? 'var(--kw-ink-2)' : undefined}>
        {kinds[kind].name}
        {dryRun && ', dry run'}
      </Text>
    ),
  },
  {
    id: 'status',
    label: 'Status',
    width: 184,
    isNarrow: true,
    cell: (operation) => <StatusBadge status={statusOfOperation(operation)} />,
  },
  { id: 'total', label: 'Organizations', width: 112, isNumber: true, cell: ({ total }) => wholeNumber(total) },
  countOf('CHANGED', 'Changed', 92),
  countOf('UNCHANGED', 'Unchanged', 100),
  countOf('REFUSED', 'Refused', 88),
  {
    id: 'createdBy',
    label: 'Started by',
    width: 170,
    cell: ({ createdBy: { displayName } }) => (
      <span dir="auto" title={displayName}>
        {displayName}
      </span>
    ),
  },
  { id: 'createdAt', label: 'Started', width: 120, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
];

/** Every command over many organizations, the newest first. */
export default function OperationsPage() {
  usePageTitle('Sync');
  const navigate = useNavigate();
  const maySync = useMay('apiKey:sync');
  const { layout, setLayout } = useLayout('operations', columns);
  const serviceProviderId = useTenantId();
  const tenantName = useTenantName();
  const search = useTenantSearch();
  const pages = usePages(OperationsPageDocument, { serviceProviderId }, (data) => data.bulkOperations);
  return (
    <div className={classes.page}>
      <SyncHead />
      <DataTable
        label="Operations"
        columns={columns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={titleOf}
        onOpen={({ id }) => void navigate(`/sync/operations/${id}${search}`)}
        empty={
          <EmptyState
            icon={ArrowLeftRight}
            title={`Nothing has been done to many at once${tenantName === null ? '' : ` at ${tenantName}`} yet`}
            action={
              maySync && (
                <Button component={Link} to={`/sync/new${search}`} size="xs">
                  New sync
                </Button>
              )
            }
          >
            A sync gives many organizations the same API key in one step. Each one is listed here with how it ended for
            every organization.
          </EmptyState>
        }
      />
    </div>
  );
}
