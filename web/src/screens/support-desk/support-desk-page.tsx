import type { CombinedError } from '@urql/core';
import { Building2, CircleCheck, PanelRight } from 'lucide-react';
import { useState } from 'react';
import { useTenantId } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState, NothingFound } from '../../components/states.tsx';
import { statuses, statusOfSource } from '../../components/status.ts';
import { ColumnsMenu } from '../../components/table/columns-menu.tsx';
import { CountLine } from '../../components/table/count-line.tsx';
import barClasses from '../../components/table/data-table.module.css';
import { DataTable } from '../../components/table/data-table.tsx';
import { SearchField } from '../../components/table/filters.tsx';
import { useLayout } from '../../components/table/layout.ts';
import { isEmpty, NOTHING } from '../../components/table/selection.ts';
import { SelectionBar } from '../../components/table/selection-bar.tsx';
import { useSelection } from '../../components/table/use-selection.ts';
import { plural } from '../../components/time.ts';
import { useUrlState } from '../../components/url-state.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { usePages } from '../../graphql/use-pages.ts';
import { OrganizationPanel } from '../organizations/organization-panel.tsx';
import organizationsClasses from '../organizations/organizations-page.module.css';
import enableAction from '../sync/actions/enable.bulk-action.tsx';
import { ChoiceChips } from '../sync/choice-chips.tsx';
import { type DisabledRow, disabledColumns, objectionTo } from './disabled-columns.tsx';
import { EnableDialog } from './enable-dialog.tsx';
import {
  DisabledCountsDocument,
  DisabledPageDocument,
  type DisablementSource,
  type OrganizationFilter,
} from './support-desk.graphql.ts';

const TABLE = 'support-desk';
const sources: readonly DisablementSource[] = [
  'SERVICE_PROVIDER',
  'CALL_THRESHOLD',
  'PLATFORM',
  'SUBSCRIPTION_EXPIRED',
];

/** Every cloud service key that does not work, why, and the button that makes it work again. */
export default function SupportDeskPage() {
  usePageTitle('Support desk');
  const url = useUrlState();
  const serviceProviderId = useTenantId();
  const source = sources.find((each) => each === url.text('source')) ?? null;
  const all: OrganizationFilter = { search: url.text('q') || null, apiKeyStatus: ['DISABLED'], serviceProviderId };
  const filter: OrganizationFilter = { ...all, disablementSource: source === null ? null : [source] };
  const pages = usePages(DisabledPageDocument, { filter }, (data) => data.organizations);
  const { counts, error: countError } = useCounts(all);
  const total = source === null ? counts.all : counts[source];
  const [selection, setSelection] = useSelection(filter);
  const [asked, setAsked] = useState<DisabledRow | null>(null);
  const columns = disabledColumns(setAsked);
  const { layout, setLayout, reset } = useLayout(TABLE, columns);
  const panelId = url.text('panel') || null;
  const isFiltered = source !== null || url.text('q') !== '';

  return (
    <div className={organizationsClasses.page}>
      <PageHead title="Support desk">
        <ColumnsMenu columns={columns} layout={layout} onLayout={setLayout} onReset={reset} />
      </PageHead>
      {isEmpty(selection) ? (
        <search className={barClasses.bar}>
          <SearchField label="Search by name or external id" value={url.text('q')} onChange={(q) => url.set({ q })} />
          <ChoiceChips
            label="Disabled by"
            chips={[
              { value: null, label: 'All', count: counts.all },
              ...sources.map((value) => ({ value, label: statuses[statusOfSource[value]].word, count: counts[value] })),
            ]}
            chosen={source}
            onChoose={(chosen) => url.set({ source: chosen })}
          />
        </search>
      ) : (
        <SelectionBar selection={selection} onSelection={setSelection} total={total} what="key">
          <enableAction.Button
            selection={selection}
            filter={filter}
            total={total}
            onDone={() => setSelection(NOTHING)}
          />
        </SelectionBar>
      )}
      <div className={organizationsClasses.body}>
        <DataTable
          label="Disabled keys"
          columns={columns}
          layout={layout}
          onLayout={setLayout}
          pages={pages}
          idOf={({ id }) => id}
          nameOf={({ name }) => name}
          selection={selection}
          onSelection={setSelection}
          onOpen={({ id }) => url.set({ panel: id })}
          openId={panelId}
          actionsOf={(row) => [
            { label: 'Enable key', icon: CircleCheck, whyNot: objectionTo(row), onChoose: () => setAsked(row) },
            { label: 'Open organization', icon: Building2, to: `/organizations/${row.id}` },
            { label: 'Show beside the list', icon: PanelRight, onChoose: () => url.set({ panel: row.id }) },
          ]}
          summary={<CountLine total={total} error={countError} words={(count) => plural(count, 'disabled key')} />}
          empty={
            isFiltered ? (
              <NothingFound
                filter={filterInWords(url.text('q'), source)}
                onClear={() => url.set({ q: null, source: null })}
              />
            ) : (
              <EmptyState icon={CircleCheck} title="Every cloud service key works">
                One that is disabled is listed here with who disabled it and why, until it is enabled again. Sandbox
                submission keys are on the pages of their organizations.
              </EmptyState>
            )
          }
        />
        {panelId !== null && <OrganizationPanel key={panelId} id={panelId} onClose={() => url.set({ panel: null })} />}
      </div>
      {asked !== null && (
        <EnableDialog key={asked.id} row={asked} onClose={() => setAsked(null)} onMoved={pages.reload} />
      )}
    </div>
  );
}

type Counts = Readonly<Record<DisablementSource | 'all', number | null>>;

/** Counted beside the rows, so that these do not wait for it. */
function useCounts(all: OrganizationFilter): { counts: Counts; error: CombinedError | undefined } {
  const of = (source: DisablementSource) => ({ ...all, disablementSource: [source] });
  const variables = {
    all,
    provider: of('SERVICE_PROVIDER'),
    platform: of('PLATFORM'),
    threshold: of('CALL_THRESHOLD'),
    expired: of('SUBSCRIPTION_EXPIRED'),
  };
  const [{ data, error }] = useFreshQuery({ query: DisabledCountsDocument, variables });
  const counts = {
    all: data?.all.totalCount ?? null,
    SERVICE_PROVIDER: data?.provider.totalCount ?? null,
    PLATFORM: data?.platform.totalCount ?? null,
    CALL_THRESHOLD: data?.threshold.totalCount ?? null,
    SUBSCRIPTION_EXPIRED: data?.expired.totalCount ?? null,
  };
  return { counts, error };
}

function filterInWords(search: string, source: DisablementSource | null): string {
  const parts = [
    ...(search === '' ? [] : [`called “${search}”`]),
    ...(source === null ? [] : [`“${statuses[statusOfSource[source]].word}”`]),
  ];
  return parts.join(' and ');
}
