import { Button, Skeleton, Textarea } from '@mantine/core';
import { Ban, Check, Handshake, List } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Modal } from '../../../components/modal.tsx';
import { EmptyState, ErrorState, NothingFound } from '../../../components/states.tsx';
import { ColumnsMenu } from '../../../components/table/columns-menu.tsx';
import { CountLine } from '../../../components/table/count-line.tsx';
import { DataTable } from '../../../components/table/data-table.tsx';
import { Filter, FilterChip } from '../../../components/table/filters.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import type { RowAction } from '../../../components/table/row-menu.tsx';
import { dateOnly, plural } from '../../../components/time.ts';
import { useUrlState } from '../../../components/url-state.ts';
import { failureOf } from '../../../graphql/failure.ts';
import { useAction } from '../../../graphql/use-action.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { delegation as actingUnder } from '../../../session/delegation.ts';
import classes from '../people.module.css';
import { type DelegationRow, delegationColumns, otherSide } from './delegation-columns.tsx';
import {
  AcceptDelegationDocument,
  DelegationsCountDocument,
  DelegationsPageDocument,
  EndDelegationDocument,
  LentOrganizationsDocument,
} from './delegations.graphql.ts';

const GrantDialog = lazy(() => import('./grant-dialog.tsx'));

type Question = 'ACCEPT' | 'END' | 'ORGANIZATIONS';
type Open = { readonly kind: 'GRANT' } | { readonly kind: Question; readonly row: DelegationRow };

const sides = [
  { value: 'RECEIVED', label: 'Lent to you' },
  { value: 'GRANTED', label: 'Lent by you' },
] as const;

export default function DelegationsTab() {
  const url = useUrlState();
  const navigate = useNavigate();
  const { layout, setLayout, reset } = useLayout('delegations', delegationColumns);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const chosen = sides.filter(({ value }) => url.list('side').includes(value));
  const filter = { side: chosen.length === 1 ? (chosen[0]?.value ?? null) : null };
  const pages = usePages(DelegationsPageDocument, { filter }, (data) => data.delegations);
  const [{ data: count, error: countError }] = useFreshQuery({
    query: DelegationsCountDocument,
    variables: { filter },
  });
  const total = count?.delegations.totalCount;
  const add = (
    <Button size="xs" leftSection={<Handshake size={14} />} onClick={() => setOpen({ kind: 'GRANT' })}>
      Lend access
    </Button>
  );

  function act({ id, serviceProviderName }: DelegationRow) {
    actingUnder.set({ id, serviceProviderName });
    void navigate('/organizations');
  }

  return (
    <>
      <search className={classes.bar}>
        <Filter
          label="Direction"
          choices={sides}
          chosen={chosen.map(({ value }) => value)}
          onChange={(next) => url.set({ side: next })}
        />
        {chosen.map(({ value, label }) => (
          <FilterChip
            key={value}
            label={`Direction: ${label}`}
            onRemove={() => url.set({ side: url.list('side').filter((other) => other !== value) })}
          />
        ))}
        <span className={classes.end} />
        <ColumnsMenu columns={delegationColumns} layout={layout} onLayout={setLayout} onReset={reset} />
        {add}
      </search>
      <DataTable
        label="Delegations"
        columns={delegationColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={otherSide}
        actionsOf={(row) =>
          actionsOf(
            row,
            (kind) => setOpen({ kind, row }),
            () => act(row),
          )
        }
        summary={<CountLine total={total} error={countError} words={(all) => plural(all, 'delegation')} />}
        empty={
          filter.side !== null ? (
            <NothingFound
              filter={filter.side === 'RECEIVED' ? 'lent to you' : 'lent by you'}
              onClear={() => url.set({ side: null })}
            />
          ) : (
            <EmptyState icon={Handshake} title="Nothing is lent" action={add}>
              A delegation lets another provider’s staff work on some of your organizations, until a date, and shows in
              your audit trail what they did.
            </EmptyState>
          )
        }
      />
      <Suspense fallback={null}>
        {open?.kind === 'GRANT' && <GrantDialog onClose={close} />}
        {open?.kind === 'ACCEPT' && <Accept row={open.row} onClose={close} />}
        {open?.kind === 'END' && <End row={open.row} onClose={close} />}
        {open?.kind === 'ORGANIZATIONS' && <LentOrganizations row={open.row} onClose={close} />}
      </Suspense>
    </>
  );
}

function actionsOf(row: DelegationRow, ask: (what: Question) => void, act: () => void): readonly RowAction[] {
  const { side, status } = row;
  const whyNotEnd = status === 'ENDED' || status === 'EXPIRED' ? 'It is over already.' : null;
  const whyNotAct = status === 'PENDING' ? 'Accept it first.' : whyNotEnd;
  return side === 'RECEIVED'
    ? [
        {
          label: 'Accept',
          icon: Check,
          onChoose: () => ask('ACCEPT'),
          whyNot: status === 'ACTIVE' ? 'It was accepted.' : whyNotEnd,
        },
        { label: `Act on behalf of ${row.serviceProviderName}`, icon: Handshake, onChoose: act, whyNot: whyNotAct },
        { label: 'End', icon: Ban, isDangerous: true, onChoose: () => ask('END'), whyNot: whyNotEnd },
      ]
    : [
        { label: 'Show organizations', icon: List, onChoose: () => ask('ORGANIZATIONS') },
        { label: 'End', icon: Ban, isDangerous: true, onChoose: () => ask('END'), whyNot: whyNotEnd },
      ];
}

interface QuestionProps {
  readonly row: DelegationRow;
  readonly onClose: () => void;
}

function Accept({ row, onClose }: QuestionProps) {
  const action = useAction(AcceptDelegationDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Accept what ${row.serviceProviderName} lends`}
      verb="Accept"
      consequences={[
        `Your staff may act on ${plural(row.organizationCount, 'organization')} until ${dateOnly(Date.parse(row.expiresAt))}, each with no more than their own role allows.`,
        'What they do stands in the audit trail of both sides.',
      ]}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run(
            { delegationId: row.id },
            `Accepted. Act on behalf of ${row.serviceProviderName} from this list or your account menu.`,
          )
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

function End({ row, onClose }: QuestionProps) {
  const action = useAction(EndDelegationDocument);
  const [note, setNote] = useState('');
  const consequences =
    row.side === 'RECEIVED'
      ? [`Your staff cannot act on behalf of ${row.serviceProviderName} any more, from the very next request.`]
      : ['Their staff cannot act on your organizations any more, from the very next request.'];
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`End the delegation ${row.side === 'RECEIVED' ? 'by' : 'to'} ${otherSide(row)}`}
      verb="End delegation"
      consequences={[...consequences, 'To lend access again takes a new delegation.']}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ delegationId: row.id, note: note.trim() === '' ? null : note }, 'Ended the delegation.')
          .then((isDone) => isDone && onClose())
      }
    >
      <Textarea
        label="Note"
        description="It stands in the audit trails of both sides."
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}

function LentOrganizations({ row, onClose }: QuestionProps) {
  const [{ data, error }, ask] = useQuery({ query: LentOrganizationsDocument, variables: { id: row.id } });
  const node = data?.node;
  const organizations = node !== undefined && node !== null && 'organizations' in node ? node.organizations : null;
  return (
    <Modal opened onClose={onClose} title={`Lent to ${otherSide(row)}`} centered>
      {error !== undefined && (
        <ErrorState failure={failureOf(error)} onRetry={() => ask({ requestPolicy: 'network-only' })} />
      )}
      {data === undefined && error === undefined && <Skeleton height={80} />}
      <ul className={classes.lent}>
        {organizations?.map(({ id, name }) => (
          <li key={id}>
            <Link to={`/organizations/${id}`} dir="auto">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
