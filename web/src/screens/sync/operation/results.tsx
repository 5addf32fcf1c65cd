import { Code, Text } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { useNavigate } from 'react-router';
import { EmptyState, NothingFound } from '../../../components/states.tsx';
import { statuses } from '../../../components/status.ts';
import { StatusBadge } from '../../../components/status-badge.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import { DataTable } from '../../../components/table/data-table.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import { useUrlState } from '../../../components/url-state.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { ChoiceChips } from '../choice-chips.tsx';
import { isFinished, isVoid, statusOfOutcome } from '../operation-words.ts';
import { type BulkResultRow, NO_RESULTS } from '../results.ts';
import { type BulkOutcome, type OperationFragment, OperationResultsDocument } from '../sync.graphql.ts';
import classes from '../sync.module.css';

const outcomes: readonly BulkOutcome[] = ['CHANGED', 'UNCHANGED', 'REFUSED'];

const columns: readonly TableColumn<BulkResultRow>[] = [
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
    width: 130,
    isNarrow: true,
    cell: ({ outcome }) => <StatusBadge status={statusOfOutcome[outcome]} />,
  },
  {
    id: 'message',
    label: 'Why, and what to do next',
    width: 420,
    cell: ({ message }) => (message === null ? '–' : <span title={message}>{message}</span>),
  },
  { id: 'code', label: 'Code', width: 220, cell: ({ code }) => (code === null ? '–' : <Code fz={12}>{code}</Code>) },
  {
    id: 'provider',
    label: 'Provider',
    width: 180,
    cell: ({ organization: { serviceProvider } }) => <span dir="auto">{serviceProvider.name}</span>,
  },
];

/** Organization by organization, narrowed to one outcome if that is wanted. */
export function Results({ operation }: { readonly operation: OperationFragment }) {
  const url = useUrlState();
  const navigate = useNavigate();
  const { layout, setLayout } = useLayout('operation-results', columns);
  const outcome = outcomes.find((each) => each === url.text('outcome')) ?? null;
  const pages = usePages(
    OperationResultsDocument,
    { id: operation.id, outcome },
    (data) => data.bulkOperation?.results ?? NO_RESULTS,
  );
  const counts = {
    CHANGED: isVoid(operation) && !operation.dryRun ? 0 : operation.changed,
    UNCHANGED: operation.unchanged,
    REFUSED: operation.refused,
  };
  const isBusy = !isFinished(operation) && pages.rows.length === 0;
  return (
    <section className={classes.results} aria-label="Results">
      <div className={classes.outcomes}>
        <ChoiceChips
          label="Outcome"
          chips={[
            { value: null, label: 'All', count: null },
            ...outcomes.map((value) => ({ value, label: statuses[statusOfOutcome[value]].word, count: counts[value] })),
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
            <NothingFound
              filter={`“${statuses[statusOfOutcome[outcome]].word}”`}
              onClear={() => url.set({ outcome: null })}
            />
          )
        }
      />
    </section>
  );
}
