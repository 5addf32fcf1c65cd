import { Button, Menu } from '@mantine/core';
import { Building2, Download, ListFilter, PanelRight, ScrollText, UserSearch } from 'lucide-react';
import { useQuery } from 'urql';
import { useTenantName } from '../../app/tenant.ts';
import { PageHead } from '../../components/page-head.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState, NothingFound } from '../../components/states.tsx';
import { ColumnsMenu } from '../../components/table/columns-menu.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useLayout } from '../../components/table/layout.ts';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { plural } from '../../components/time.ts';
import { type UrlState, useUrlState } from '../../components/url-state.ts';
import { usePages } from '../../graphql/use-pages.ts';
import { fileLink } from '../../session/file-link.ts';
import page from '../organizations/organizations-page.module.css';
import { AuditOrganizationNameDocument, AuditPageDocument } from './audit.graphql.ts';
import { type AuditRow, auditColumns } from './audit-columns.tsx';
import { CLEARED, chipsOf, exportAddressOf, useAuditFilter } from './audit-filter.ts';
import { AuditFilterBar } from './audit-filters.tsx';
import { AuditPanel } from './audit-panel.tsx';

/** Who did what, and what was refused: the newest first. */
export default function AuditPage() {
  usePageTitle('Audit');
  const url = useUrlState();
  const filter = useAuditFilter();
  const { layout, setLayout, reset } = useLayout('audit', auditColumns);
  const pages = usePages(AuditPageDocument, { filter }, (data) => data.auditEvents);
  const eventId = url.text('event') || null;
  const organization = useOrganizationName(url.text('organization'));
  const actor = pages.rows.find((row) => row.actor.id === filter.actorId)?.actor.displayName ?? null;
  const chips = chipsOf(url, { actor, organization });
  const { rows, hasMore } = pages;
  const tenantName = useTenantName();

  return (
    <div className={page.page}>
      <PageHead title="Audit">
        <ColumnsMenu columns={auditColumns} layout={layout} onLayout={setLayout} onReset={reset} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<Download size={14} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" {...fileLink(exportAddressOf(filter, 'csv'))}>
              CSV, for a spreadsheet
            </Menu.Item>
            <Menu.Item component="a" {...fileLink(exportAddressOf(filter, 'ndjson'))}>
              NDJSON, for a program
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHead>
      <AuditFilterBar url={url} chips={chips} />
      <div className={page.body}>
        <DataTable
          label="Audit trail"
          columns={auditColumns}
          layout={layout}
          onLayout={setLayout}
          pages={pages}
          idOf={({ id }) => id}
          nameOf={({ action, actor: { displayName } }) => `${action} by ${displayName}`}
          onOpen={({ id }) => url.set({ event: id })}
          openId={eventId}
          actionsOf={(row) => actionsOf(row, url)}
          summary={
            hasMore ? `The newest ${plural(rows.length, 'event')}; scroll for more` : plural(rows.length, 'event')
          }
          empty={
            chips.length > 0 ? (
              <NothingFound
                filter={`found with ${chips.map(({ label }) => `“${label}”`).join(' and ')}`}
                onClear={() => url.set(CLEARED)}
              />
            ) : (
              <EmptyState
                icon={ScrollText}
                title={tenantName === null ? 'Nothing has happened yet' : `Nothing has happened at ${tenantName} yet`}
              >
                Every command, every key that is shown, every sign-in and everything that was refused will be listed
                here.
              </EmptyState>
            )
          }
        />
        {eventId !== null && (
          <AuditPanel key={eventId} id={eventId} url={url} onClose={() => url.set({ event: null })} />
        )}
      </div>
    </div>
  );
}

/** What an event leads to: itself, the organization that it was done to, and what else was done by whom and to whom. */
function actionsOf({ id, actor, organization }: AuditRow, url: UrlState): readonly RowAction[] {
  const beside: RowAction = { label: 'Show beside the list', icon: PanelRight, onChoose: () => url.set({ event: id }) };
  const byActor: RowAction = {
    label: `Only by ${actor.displayName}`,
    icon: UserSearch,
    onChoose: () => url.set({ actor: actor.id }),
  };
  const ofOrganization: readonly RowAction[] =
    organization === null
      ? []
      : [
          { label: 'Open organization', icon: Building2, to: `/organizations/${organization.id}` },
          {
            label: 'Only of this organization',
            icon: ListFilter,
            onChoose: () => url.set({ organization: organization.id }),
          },
        ];
  return [beside, ...(actor.id === null ? [] : [byActor]), ...ofOrganization];
}

function useOrganizationName(id: string): string | null {
  const [{ data }] = useQuery({ query: AuditOrganizationNameDocument, variables: { id }, pause: id === '' });
  return id === '' ? null : (data?.organization?.name ?? null);
}
