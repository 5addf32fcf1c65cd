import { Button, Tooltip } from '@mantine/core';
import { Building2, Download, ListFilter, PanelRight, Plus } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { Link, useNavigate } from 'react-router';
import { whenIdle } from '../../app/later.ts';
import { TENANT_PARAMETER, useTenantSearch } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState, NothingFound } from '../../components/states.tsx';
import { formatSort } from '../../components/table/column.ts';
import { ColumnsMenu } from '../../components/table/columns-menu.tsx';
import { CountLine } from '../../components/table/count-line.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { readLayout, useLayout } from '../../components/table/layout.ts';
import { isEmpty } from '../../components/table/selection.ts';
import { useSelection } from '../../components/table/use-selection.ts';
import { ViewsMenu } from '../../components/table/views-menu.tsx';
import { plural } from '../../components/time.ts';
import { urlWords, useUrlState } from '../../components/url-state.ts';
import { useFreshQuery } from '../../graphql/use-fresh-query.ts';
import { beginPages, usePages } from '../../graphql/use-pages.ts';
import { fileLink } from '../../session/file-link.ts';
import { useMay } from '../../session/viewer.ts';
import { FilterBar, OrganizationSelectionBar } from './organization-bars.tsx';
import { organizationColumns } from './organization-columns.tsx';
import { CLEARED, chipsOf, exportAddressOf } from './organization-filter.ts';
import { OrganizationsCountDocument, OrganizationsPageDocument } from './organizations.graphql.ts';
import classes from './organizations-page.module.css';
import { questionOf, sortOf } from './organizations-question.ts';

const TABLE = 'organizations';

export function begin(params: URLSearchParams): void {
  beginPages(OrganizationsPageDocument, questionOf(urlWords(params), readLayout(TABLE, organizationColumns)));
}

export default function OrganizationsPage() {
  useEffect(() => whenIdle(loadPanel), []);
  usePageTitle('Organizations');
  const url = useUrlState();
  const navigate = useNavigate();
  const { layout, setLayout, reset } = useLayout(TABLE, organizationColumns);
  const question = questionOf(url, layout);
  const { filter } = question;
  const pages = usePages(OrganizationsPageDocument, question, (data) => data.organizations);
  // Counted beside the rows, so that these do not wait for it.
  const [{ data: count, error: countError }] = useFreshQuery({
    query: OrganizationsCountDocument,
    variables: { filter },
  });
  const total = count?.organizations.totalCount ?? null;
  const [selection, setSelection] = useSelection(filter);
  const mayAdd = useMay('organization:manage');
  const addAddress = `/onboarding${useTenantSearch()}`;
  const panelId = url.text('panel') || null;
  const chips = chipsOf(url);
  const isFiltered = chips.length > 0 || filter.search !== null;

  return (
    <div className={classes.page}>
      <PageHead title="Organizations">
        {mayAdd && (
          <Button component={Link} to={addAddress} size="xs" leftSection={<Plus size={14} />}>
            Add
          </Button>
        )}
        <ColumnsMenu columns={organizationColumns} layout={layout} onLayout={setLayout} onReset={reset} />
        <ViewsMenu
          name={TABLE}
          search={url.search}
          layout={layout}
          onView={(view) => {
            setLayout(view.layout);
            void navigate({ search: view.search });
          }}
        />
        <Tooltip label="What the filter finds, without key strings">
          <Button
            component="a"
            {...fileLink(exportAddressOf(filter))}
            variant="default"
            size="xs"
            leftSection={<Download size={14} />}
          >
            Export CSV
          </Button>
        </Tooltip>
      </PageHead>
      {isEmpty(selection) ? (
        <FilterBar url={url} chips={chips} />
      ) : (
        <OrganizationSelectionBar selection={selection} onSelection={setSelection} filter={filter} total={total} />
      )}
      <div className={classes.body}>
        <DataTable
          label="Organizations"
          columns={organizationColumns}
          layout={layout}
          onLayout={setLayout}
          pages={pages}
          idOf={({ id }) => id}
          nameOf={({ name }) => name}
          sort={sortOf(url)}
          onSort={(next) => url.set({ sort: formatSort(next) })}
          selection={selection}
          onSelection={setSelection}
          onOpen={({ id }) => url.set({ panel: id })}
          openId={panelId}
          actionsOf={({ id, serviceProvider }) => [
            { label: 'Open organization', icon: Building2, to: `/organizations/${id}` },
            { label: 'Show beside the list', icon: PanelRight, onChoose: () => url.set({ panel: id }) },
            {
              label: `Only ${serviceProvider.name}`,
              icon: ListFilter,
              onChoose: () => url.set({ [TENANT_PARAMETER]: serviceProvider.id }, 'PUSH'),
            },
          ]}
          summary={<CountLine total={total} error={countError} words={(count) => plural(count, 'organization')} />}
          empty={
            isFiltered ? (
              <NothingFound filter={filterInWords(filter.search ?? null, chips)} onClear={() => url.set(CLEARED)} />
            ) : (
              <EmptyState
                icon={Building2}
                title="No organizations yet"
                action={
                  mayAdd && (
                    <Button component={Link} to={addAddress} size="xs">
                      Add organizations
                    </Button>
                  )
                }
              >
                Your customers will be listed here, each with its API key and its subscription.
              </EmptyState>
            )
          }
        />
        <Suspense fallback={null}>
          {panelId !== null && (
            <OrganizationPanel key={panelId} id={panelId} onClose={() => url.set({ panel: null })} />
          )}
        </Suspense>
      </div>
    </div>
  );
}

function filterInWords(search: string | null, chips: readonly { readonly label: string }[]): string {
  const found = chips.map(({ label }) => `“${label}”`).join(' and ');
  const parts = [...(search === null ? [] : [`called “${search}”`]), ...(found === '' ? [] : [`found with ${found}`])];
  return parts.join(' and ');
}
const loadPanel = () => import('./organization-panel.tsx').then((panel) => ({ default: panel.OrganizationPanel }));
const OrganizationPanel = lazy(loadPanel);
