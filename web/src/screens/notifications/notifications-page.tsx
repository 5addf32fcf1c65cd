import { Button } from '@mantine/core';
import { CirclePlay, CircleSlash, MailPlus, Mails, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
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

/** Addresses that are told of events by mail. */
export default function NotificationsPage() {
  usePageTitle('Mail', 'Webhooks and mail');
  const [open, setOpen] = useState<Open | null>(null);
  const { layout, setLayout, reset } = useLayout('mail', mailColumns);
  const pages = usePages(MailRecipientsPageDocument, {}, (data) => data.mailRecipients);
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
      <WebhooksHead>
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
          <EmptyState icon={Mails} title="Nobody is told by mail yet" action={add}>
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
