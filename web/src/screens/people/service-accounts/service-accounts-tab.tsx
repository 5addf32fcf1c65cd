import { Button } from '@mantine/core';
import { Bot, KeyRound, List, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTenantId } from '../../../app/tenant.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { EmptyState, NothingFound } from '../../../components/states.tsx';
import { ColumnsMenu } from '../../../components/table/columns-menu.tsx';
import { CountLine } from '../../../components/table/count-line.tsx';
import { DataTable } from '../../../components/table/data-table.tsx';
import { Filter, FilterChip } from '../../../components/table/filters.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import type { RowAction } from '../../../components/table/row-menu.tsx';
import { plural } from '../../../components/time.ts';
import { useUrlState } from '../../../components/url-state.ts';
import { showFieldFailures, useAction } from '../../../graphql/use-action.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { useViewer, type Viewer } from '../../../session/viewer.ts';
import classes from '../people.module.css';
import { type NewSecret, ShownSecret } from './new-secret.tsx';
import { type ServiceAccountRow, serviceAccountColumns } from './service-account-columns.tsx';
import { ServiceAccountDialog } from './service-account-dialog.tsx';
import { whyNotAddSecret } from './service-account-rules.ts';
import {
  AddServiceAccountSecretDocument,
  RevokeServiceAccountDocument,
  ServiceAccountsCountDocument,
  ServiceAccountsPageDocument,
} from './service-accounts.graphql.ts';

const CreateServiceAccountDialog = lazy(() => import('./create-service-account-dialog.tsx'));

type Question = 'SHOW' | 'ADD_SECRET' | 'REVOKE';
type Open =
  | { readonly kind: 'CREATE' }
  | { readonly kind: Question; readonly id: string }
  | { readonly kind: 'SECRET'; readonly secret: NewSecret };

const states = [
  { value: 'active', label: 'Active' },
  { value: 'revoked', label: 'Revoked' },
];

export default function ServiceAccountsTab() {
  const url = useUrlState();
  const viewer = useViewer();
  const tenantId = useTenantId();
  const { layout, setLayout, reset } = useLayout('service-accounts', serviceAccountColumns);
  const [open, setOpen] = useState<Open | null>(null);
  const state = states.filter(({ value }) => url.list('state').includes(value));
  const isActive = state.length === 1 ? state[0]?.value === 'active' : null;
  const filter = { serviceProviderId: tenantId, isActive };
  const pages = usePages(ServiceAccountsPageDocument, { filter }, (data) => data.serviceAccounts);
  const [{ data: count, error: countError }] = useFreshQuery({
    query: ServiceAccountsCountDocument,
    variables: { filter },
  });
  const total = count?.serviceAccounts.totalCount;
  const add = (
    <Button size="xs" leftSection={<Bot size={14} />} onClick={() => setOpen({ kind: 'CREATE' })}>
      Create service account
    </Button>
  );
  return (
    <>
      <search className={classes.bar}>
        <Filter
          label="Status"
          choices={states}
          chosen={state.map(({ value }) => value)}
          onChange={(chosen) => url.set({ state: chosen })}
        />
        {state.map(({ value, label }) => (
          <FilterChip
            key={value}
            label={`Status: ${label}`}
            onRemove={() => url.set({ state: url.list('state').filter((other) => other !== value) })}
          />
        ))}
        <span className={classes.end} />
        <ColumnsMenu columns={serviceAccountColumns} layout={layout} onLayout={setLayout} onReset={reset} />
        {add}
      </search>
      <DataTable
        label="Service accounts"
        columns={serviceAccountColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        actionsOf={(account) => actionsOf(viewer, account, (kind) => setOpen({ kind, id: account.id }))}
        onOpen={({ id }) => setOpen({ kind: 'SHOW', id })}
        summary={<CountLine total={total} error={countError} words={(all) => plural(all, 'service account')} />}
        empty={
          isActive !== null ? (
            <NothingFound filter={isActive ? 'active' : 'revoked'} onClear={() => url.set({ state: null })} />
          ) : (
            <EmptyState icon={Bot} title="No service accounts yet" action={add}>
              A service account lets a program use the API with a client id and a secret, and no more than you give it.
            </EmptyState>
          )
        }
      />
      <Suspense fallback={null}>
        <Dialogs open={open} accounts={pages.rows} onOpen={setOpen} />
      </Suspense>
    </>
  );
}

function actionsOf(viewer: Viewer, account: ServiceAccountRow, ask: (what: Question) => void): readonly RowAction[] {
  return [
    { label: 'Show secrets and permissions', icon: List, onChoose: () => ask('SHOW') },
    {
      label: 'Add a secret',
      icon: KeyRound,
      onChoose: () => ask('ADD_SECRET'),
      whyNot: whyNotAddSecret(viewer, account),
    },
    {
      label: 'Revoke service account',
      icon: Trash2,
      isDangerous: true,
      onChoose: () => ask('REVOKE'),
      whyNot: account.revokedAt === null ? null : 'It was revoked for good.',
    },
  ];
}

interface DialogsProps {
  readonly open: Open | null;
  readonly accounts: readonly ServiceAccountRow[];
  readonly onOpen: (open: Open | null) => void;
}

function Dialogs({ open, accounts, onOpen }: DialogsProps) {
  const close = () => onOpen(null);
  const onSecret = (secret: NewSecret) => onOpen({ kind: 'SECRET', secret });
  if (open === null) return null;
  if (open.kind === 'CREATE') return <CreateServiceAccountDialog onClose={close} onSecret={onSecret} />;
  if (open.kind === 'SECRET') return <ShownSecret of={open.secret} onClose={close} />;
  const account = accounts.find(({ id }) => id === open.id);
  if (account === undefined) return null;
  if (open.kind === 'ADD_SECRET') return <AddSecret account={account} onClose={close} onSecret={onSecret} />;
  if (open.kind === 'REVOKE') return <Revoke account={account} onClose={close} />;
  return (
    <ServiceAccountDialog
      account={account}
      onClose={close}
      onAddSecret={() => onOpen({ kind: 'ADD_SECRET', id: account.id })}
    />
  );
}

interface QuestionProps {
  readonly account: ServiceAccountRow;
  readonly onClose: () => void;
}

function AddSecret({ account, onClose, onSecret }: QuestionProps & { readonly onSecret: (secret: NewSecret) => void }) {
  const command = useCommand(AddServiceAccountSecretDocument);
  async function confirm() {
    const result = await command.run({ serviceAccountId: account.id });
    if (!result.isDone) return showFieldFailures(result.failures);
    const { name, clientId, secrets } = account;
    onSecret({ name, clientId, clientSecret: result.payload.clientSecret, isFirst: secrets.length === 0 });
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Add a secret to ${account.name}`}
      verb="Add and show secret"
      consequences={['The secret that it has holds until you revoke it.', 'The new one is shown once.']}
      isUndoable
      isRunning={command.isRunning}
      onConfirm={() => void confirm()}
    />
  );
}

function Revoke({ account, onClose }: QuestionProps) {
  const action = useAction(RevokeServiceAccountDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Revoke ${account.name}`}
      verb="Revoke service account"
      consequences={[
        'Its secrets and tokens end with the next request: the program that uses it stops.',
        'It stays in the list as revoked.',
      ]}
      typed={account.name}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ serviceAccountId: account.id }, `Revoked ${account.name}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}
