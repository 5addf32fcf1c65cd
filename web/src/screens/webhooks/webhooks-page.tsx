import { Button } from '@mantine/core';
import { FolderOpen, Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useTenantId, useTenantName, useTenantSearch } from '../../app/tenant.ts';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState } from '../../components/states.tsx';
import { ColumnsMenu } from '../../components/table/columns-menu.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useLayout } from '../../components/table/layout.ts';
import { usePages } from '../../graphql/use-pages.ts';
import { useEndpointActions } from './endpoint-actions.ts';
import { endpointColumns } from './endpoint-columns.tsx';
import { EndpointDialogs, type Open } from './endpoint-dialogs.tsx';
import { WebhookEndpointsPageDocument } from './webhooks.graphql.ts';
import classes from './webhooks.module.css';
import { WebhooksHead } from './webhooks-head.tsx';
import { WebhooksHelp } from './webhooks-help.tsx';

/** Every endpoint in sight, and how it does. */
export default function WebhooksPage() {
  usePageTitle('Webhooks');
  const navigate = useNavigate();
  const serviceProviderId = useTenantId();
  const tenantName = useTenantName();
  const search = useTenantSearch();
  const [open, setOpen] = useState<Open | null>(null);
  const { layout, setLayout, reset } = useLayout('webhooks', endpointColumns);
  const pages = usePages(WebhookEndpointsPageDocument, { serviceProviderId }, (data) => data.webhookEndpoints);
  const actionsOf = useEndpointActions((kind, endpoint) => setOpen({ kind, endpoint }));
  const add = (
    <Button size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => setOpen({ kind: 'CREATE' })}>
      Add webhook
    </Button>
  );
  const isEmpty = !pages.isLoading && pages.rows.length === 0;
  return (
    <div className={classes.page}>
      <WebhooksHead help={<WebhooksHelp />}>
        {!isEmpty && <ColumnsMenu columns={endpointColumns} layout={layout} onLayout={setLayout} onReset={reset} />}
        {!isEmpty && add}
      </WebhooksHead>
      <DataTable
        label="Webhooks"
        columns={endpointColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        onOpen={({ id }) => void navigate(`/webhooks/${id}${search}`)}
        actionsOf={(endpoint) => [
          { label: 'See deliveries', icon: FolderOpen, to: `/webhooks/${endpoint.id}${search}` },
          ...actionsOf(endpoint),
        ]}
        empty={
          <EmptyState
            icon={Webhook}
            title={tenantName === null ? 'No webhooks yet' : `No webhooks of ${tenantName} yet`}
            action={add}
          >
            A webhook tells a program of yours of events as they happen: a key was disabled, a subscription ends soon.
            Each message is signed, and tried for three days.
          </EmptyState>
        }
      />
      <EndpointDialogs open={open} onOpen={setOpen} />
    </div>
  );
}
