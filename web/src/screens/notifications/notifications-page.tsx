import { Button } from '@mantine/core';
import { CirclePlay, CircleSlash, MailPlus, Mails, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTenantId, useTenantName } from '../../app/tenant.ts';
import { Help } from '../../components/help.tsx';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState } from '../../components/states.tsx';
import { ColumnsMenu } from '../../components/table/columns-menu.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useLayout } from '../../components/table/layout.ts';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { useAction } from '../../graphql/use-action.ts';
import { usePages } from '../../graphql/use-pages.ts';
import classes from '../webhooks/webhooks.module.css';
import { WebhooksHead } from '../webhooks/webhooks-head.tsx';
import {
  type MailRecipientRowFragment,
  MailRecipientsPageDocument,
  UpdateMailRecipientDocument,
} from './mail.graphql.ts';
import { mailColumns } from './mail-columns.tsx';
import { DeleteRecipient, DisableRecipient } from './recipient-questions.tsx';
import { SenderLine } from './sender-line.tsx';

const RecipientDialog = lazy(() => import('./recipient-dialog.tsx'));

type Open =
  | { readonly kind: 'CREATE' }
  | { readonly kind: 'EDIT' | 'DISABLE' | 'DELETE'; readonly recipient: MailRecipientRowFragment };

const points = [
  'One mail tells of all that happened since the one before: it counts the events by type, and names the first 50 with links to this console.',
  'At once is within about a minute, and then at most one mail in a quarter of an hour. Hourly is at the full hour, daily at 06:00 UTC.',
  'While the mail server is away, what there is to tell is kept. An address that it refuses for three days is disabled.',
  'Subscriptions are told of 30, 14, 7 and 1 days before they end, thresholds at 75 and 90 % and when they are reached. Each once.',
  'No mail holds a key string.',
];

/** Addresses that are told of events by mail. */
export default function NotificationsPage() {
  usePageTitle('Mail', 'Webhooks and mail');
  const serviceProviderId = useTenantId();
  const tenantName = useTenantName();
  const [open, setOpen] = useState<Open | null>(null);
  const { layout, setLayout, reset } = useLayout('mail', mailColumns);
  const pages = usePages(MailRecipientsPageDocument, { serviceProviderId }, (data) => data.mailRecipients);
  const update = useAction(UpdateMailRecipientDocument);
  const close = () => setOpen(null);
  const add = (
    <Button size="xs" leftSection={<MailPlus size={14} aria-hidden />} onClick={() => setOpen({ kind: 'CREATE' })}>
      Add recipient
    </Button>
  );
  const isEmpty = !pages.isLoading && pages.rows.length === 0;
  function actionsOf(recipient: MailRecipientRowFragment): readonly RowAction[] {
    const { id, address, isEnabled } = recipient;
    return [
      { label: 'Edit', icon: Pencil, onChoose: () => setOpen({ kind: 'EDIT', recipient }) },
      isEnabled
        ? { label: 'Disable', icon: CircleSlash, onChoose: () => setOpen({ kind: 'DISABLE', recipient }) }
        : {
            label: 'Enable',
            icon: CirclePlay,
            onChoose: () => void update.run({ mailRecipientId: id, isEnabled: true }, `Enabled ${address}.`),
          },
      { label: 'Delete', icon: Trash2, isDangerous: true, onChoose: () => setOpen({ kind: 'DELETE', recipient }) },
    ];
  }
  return (
    <div className={classes.page}>
      <WebhooksHead help={<Help title="How mail notices work" points={points} />}>
        {!isEmpty && <ColumnsMenu columns={mailColumns} layout={layout} onLayout={setLayout} onReset={reset} />}
        {!isEmpty && add}
      </WebhooksHead>
      <SenderLine />
      <DataTable
        label="Mail recipients"
        columns={mailColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={({ address }) => address}
        onOpen={(recipient) => setOpen({ kind: 'EDIT', recipient })}
        actionsOf={actionsOf}
        empty={
          <EmptyState
            icon={Mails}
            title={tenantName === null ? 'Nobody is told by mail yet' : `Nobody at ${tenantName} is told by mail yet`}
            action={add}
          >
            Choose who is told when keys are disabled, subscriptions end soon, or thresholds are near: in one mail
            rather than a storm.
          </EmptyState>
        }
      />
      <Suspense fallback={null}>
        {open?.kind === 'CREATE' && <RecipientDialog recipient={null} onClose={close} />}
        {open?.kind === 'EDIT' && <RecipientDialog recipient={open.recipient} onClose={close} />}
        {open?.kind === 'DISABLE' && <DisableRecipient recipient={open.recipient} onClose={close} />}
        {open?.kind === 'DELETE' && <DeleteRecipient recipient={open.recipient} onClose={close} />}
      </Suspense>
    </div>
  );
}
