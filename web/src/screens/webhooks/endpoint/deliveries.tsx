import { FileText, Inbox, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { EmptyState, NothingFound } from '../../../components/states.tsx';
import { CountLine } from '../../../components/table/count-line.tsx';
import { DataTable } from '../../../components/table/data-table.tsx';
import { Filter, FilterChip } from '../../../components/table/filters.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import { plural } from '../../../components/time.ts';
import { useUrlState } from '../../../components/url-state.ts';
import { useAction } from '../../../graphql/use-action.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { useLookAgain } from '../../../graphql/use-look-again.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { deliveryStatuses, whyNotSend } from '../endpoint-rules.ts';
import {
  DeliveriesCountDocument,
  DeliveriesPageDocument,
  type DeliveryFragment,
  type EndpointFragment,
  ReplayWebhookEventsDocument,
} from '../webhooks.graphql.ts';
import classes from '../webhooks.module.css';
import { deliveryColumns } from './delivery-columns.tsx';
import { DeliveryDialog } from './delivery-dialog.tsx';

const LOOK_AGAIN_MS = 6_000;
const LOOK_AGAIN_WHILE_ONE_WAITS_MS = 2_000;

/** What it was sent in the last 30 days, and what waits. */
export function Deliveries({ endpoint }: { readonly endpoint: EndpointFragment }) {
  const url = useUrlState();
  const [shownId, setShownId] = useState<string | null>(null);
  const { layout, setLayout } = useLayout('deliveries', deliveryColumns);
  const replay = useAction(ReplayWebhookEventsDocument);
  const chosen = deliveryStatuses.find(({ value }) => value === url.text('status'));
  const variables = { id: endpoint.id, status: chosen?.value ?? null };
  const pages = usePages(DeliveriesPageDocument, variables, ({ node }) =>
    node !== null && 'deliveries' in node ? node.deliveries : null,
  );
  const [{ data, error }] = useFreshQuery({ query: DeliveriesCountDocument, variables });
  const isWaiting = pages.rows.some(({ status }) => status === 'PENDING');
  // That a delivery is put in line and how it ends are no events of their own.
  const lookAgainMs = isWaiting ? LOOK_AGAIN_WHILE_ONE_WAITS_MS : LOOK_AGAIN_MS;
  useLookAgain(endpoint.isEnabled ? lookAgainMs : null);
  const node = data?.node ?? null;
  const total = node !== null && 'deliveries' in node ? node.deliveries.totalCount : null;
  const again = ({ eventId, type }: DeliveryFragment) =>
    void replay.run({ webhookEndpointId: endpoint.id, eventId }, `${type} is sent once more.`);
  const whyNotAgain = (delivery: DeliveryFragment) =>
    whyNotSend(endpoint) ?? (delivery.status === 'PENDING' ? 'It waits for its turn already.' : null);
  const shown = pages.rows.find(({ eventId }) => eventId === shownId);
  return (
    <section className={classes.log} aria-label="Deliveries">
      <search className={classes.logHead}>
        <h2>Deliveries</h2>
        <Filter
          label="Status"
          choices={deliveryStatuses}
          chosen={chosen === undefined ? [] : [chosen.value]}
          onChange={(ticked) => url.set({ status: ticked.slice(-1) })}
        />
        {chosen !== undefined && (
          <FilterChip label={`Status: ${chosen.label}`} onRemove={() => url.set({ status: null })} />
        )}
      </search>
      <DataTable
        label="Deliveries"
        columns={deliveryColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ eventId }) => eventId}
        nameOf={({ type }) => type}
        onOpen={({ eventId }) => setShownId(eventId)}
        actionsOf={(delivery) => [
          { label: 'Show the answer', icon: FileText, onChoose: () => setShownId(delivery.eventId) },
          { label: 'Send again', icon: RotateCcw, onChoose: () => again(delivery), whyNot: whyNotAgain(delivery) },
        ]}
        summary={
          <CountLine
            total={total}
            error={error}
            words={(count) => `${plural(count, 'delivery', 'deliveries')} in the last 30 days`}
          />
        }
        empty={
          chosen !== undefined ? (
            <NothingFound filter={chosen.label.toLowerCase()} onClear={() => url.set({ status: null })} />
          ) : (
            <EmptyState icon={Inbox} title="Nothing was sent yet">
              Send a test event, or wait for the first that it is to be told of.
            </EmptyState>
          )
        }
      />
      {shown !== undefined && (
        <DeliveryDialog
          delivery={shown}
          whyNotAgain={whyNotAgain(shown)}
          onAgain={() => again(shown)}
          onClose={() => setShownId(null)}
        />
      )}
    </section>
  );
}
