import { Code, Text } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { EmptyState, NothingFound } from '../../../components/states.tsx';
import { statuses } from '../../../components/status.ts';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import { DataTable } from '../../../components/table/data-table.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import { withReadableTimes } from '../../../components/time.ts';
import { useUrlState } from '../../../components/url-state.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { ChoiceChips } from '../choice-chips.tsx';
import { isFinished, outcomeCount, outcomes, statusOfResult } from '../operation-words.ts';
import { type BulkResultRow, NO_RESULTS } from '../results.ts';
import { type BulkOutcome, type OperationFragment, OperationResultsDocument } from '../sync.graphql.ts';
import classes from '../sync.module.css';

const columnsOf = (operation: OperationFragment): readonly TableColumn<BulkResultRow>[] => [
  {
    id: 'name',
    label: 'Organization',
    width: 240,
    isFixed: true,
    isNarrow: true,
    cell: ({ organization: { name } }) => (
      <Text component="span" size="sm" fw={550} dir="auto" title={name}>
        {name}
      </Text>
    ),
  },
  {
    id: 'outcome',
    label: 'Outcome',
    width: 156,
    isNarrow: true,
    cell: ({ outcome }) => <StatusBadge status={statusOfResult(operation, outcome)} />,
  },
  {
    id: 'message',
    label: 'Why, and what to do next',
    width: 394,
    cell: ({ message }) => {
      const words = withReadableTimes(message ?? '–');
      return <span title={words}>{words}</span>;
    },
  },
  { id: 'code', label: 'Code', width: 220, cell: ({ code }) => (code === null ? '–' : <Code fz={12}>{code}</Code>) },
  {
    id: 'provider',
    label: 'Provider',
    width: 180,
    cell: ({ organization: { serviceProvider } }) => <span dir="auto">{serviceProvider.name}</span>,
  },
];

/** Those that could change are listed even when none would. */
function resultCount(operation: OperationFragment, outcome: BulkOutcome): number {
  return statusOfResult(operation, outcome) === 'couldChange' ? operation.changed : outcomeCount(operation, outcome);
}

/** Organization by organization, narrowed to one outcome if that is wanted. */
export function Results({ operation }: { readonly operation: OperationFragment }) {
  const url = useUrlState();
  const navigate = useNavigate();
  const columns = useMemo(() => columnsOf(operation), [operation]);
  const { layout, setLayout } = useLayout('operation-results', columns);
  const outcome = outcomes.find((each) => each === url.text('outcome')) ?? null;
  const pages = usePages(
    OperationResultsDocument,
    { id: operation.id, outcome },
    (data) => data.bulkOperation?.results ?? NO_RESULTS,
  );
  const wordOf = (of: BulkOutcome) => statuses[statusOfResult(operation, of)].word;
  const isBusy = !isFinished(operation) && pages.rows.length === 0;
  return (
    <section className={classes.results} aria-label="Results">
      <div className={classes.outcomes}>
        <ChoiceChips
          label="Outcome"
          chips={[
            { value: null, label: 'All', count: null },
            ...outcomes.map((value) => ({ value, label: wordOf(value), count: resultCount(operation, value) })),
          ]}
          chosen={outcome}
          onChoose={(chosen) => url.set({ outcome: chosen })}
        />
      </div>
      <DataTable
        label="Results"
        columns={columns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ organizationId }) => organizationId}
        nameOf={({ organization }) => organization.name}
        onOpen={({ organizationId }) => void navigate(`/organizations/${organizationId}`)}
        empty={
          isBusy ? (
            <EmptyState icon={Hourglass} title="No results yet">
              Each organization is listed here with how it ended.
            </EmptyState>
          ) : outcome === null ? (
            <EmptyState icon={Hourglass} title="No results">
              It ended before it came to any organization.
            </EmptyState>
          ) : (
            <NothingFound filter={`“${wordOf(outcome)}”`} onClear={() => url.set({ outcome: null })} />
          )
        }
      />
    </section>
  );
}
