import { Button } from '@mantine/core';
import { KeyRound, LogOut, Pencil, Trash2, UserCheck, UserMinus, UserPlus, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTenantId } from '../../../app/tenant.ts';
import { EmptyState, NothingFound } from '../../../components/states.tsx';
import { ColumnsMenu } from '../../../components/table/columns-menu.tsx';
import { CountLine } from '../../../components/table/count-line.tsx';
import { DataTable } from '../../../components/table/data-table.tsx';
import { Filter, FilterChip, SearchField } from '../../../components/table/filters.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import type { RowAction } from '../../../components/table/row-menu.tsx';
import { plural } from '../../../components/time.ts';
import { useUrlState } from '../../../components/url-state.ts';
import { useFreshQuery } from '../../../graphql/use-fresh-query.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { useViewer, type Viewer } from '../../../session/viewer.ts';
import classes from '../people.module.css';
import { StaffCountDocument, StaffPageDocument } from './staff.graphql.ts';
import { type StaffRow, staffColumns } from './staff-columns.tsx';
import { type NewPassword, StaffPassword } from './staff-password.tsx';
import type { StaffQuestion } from './staff-questions.tsx';
import { whyNotAsAnother, whyNotManage, whyNotResetPassword } from './staff-rules.ts';

const CreateStaffDialog = lazy(() => import('./create-staff-dialog.tsx'));
const EditStaffDialog = lazy(() => import('./edit-staff-dialog.tsx'));
const StaffQuestions = lazy(() => import('./staff-questions.tsx'));

type Open =
  | { readonly kind: 'CREATE' }
  | { readonly kind: 'EDIT'; readonly member: StaffRow }
  | { readonly kind: StaffQuestion; readonly member: StaffRow }
  | { readonly kind: 'PASSWORD'; readonly password: NewPassword };

const states = [
  { value: 'active', label: 'Active' },
  { value: 'deactivated', label: 'Deactivated' },
];

export default function StaffTab() {
  const url = useUrlState();
  const viewer = useViewer();
  const tenantId = useTenantId();
  const { layout, setLayout, reset } = useLayout('staff', staffColumns);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const state = states.filter(({ value }) => url.list('state').includes(value));
  const filter = {
    serviceProviderId: tenantId,
    search: url.text('q') || null,
    isActive: state.length === 1 ? state[0]?.value === 'active' : null,
  };
  const pages = usePages(StaffPageDocument, { filter }, (data) => data.staffMembers);
  const [{ data: count, error: countError }] = useFreshQuery({ query: StaffCountDocument, variables: { filter } });
  const total = count?.staffMembers.totalCount;
  const add = (
    <Button size="xs" leftSection={<UserPlus size={14} />} onClick={() => setOpen({ kind: 'CREATE' })}>
      Add somebody
    </Button>
  );

  return (
    <>
      <search className={classes.bar}>
        <SearchField label="Search by name or user name" value={url.text('q')} onChange={(q) => url.set({ q })} />
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
        <ColumnsMenu columns={staffColumns} layout={layout} onLayout={setLayout} onReset={reset} />
        {add}
      </search>
      <DataTable
        label="Staff"
        columns={staffColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={({ displayName }) => displayName}
        actionsOf={(member) => actionsOf(viewer, member, (kind) => setOpen({ kind, member }))}
        onOpen={(member) => whyNotManage(viewer, member) === null && setOpen({ kind: 'EDIT', member })}
        summary={<CountLine total={total} error={countError} words={(all) => plural(all, 'person', 'people')} />}
        empty={
          filter.search !== null || filter.isActive !== null ? (
            <NothingFound filter={filterInWords(filter)} onClear={() => url.set({ q: null, state: null })} />
          ) : (
            <EmptyState icon={Users} title="Nobody yet" action={add}>
              Whoever signs in to the console is listed here, with what they may do.
            </EmptyState>
          )
        }
      />
      <Suspense fallback={null}>
        <Dialogs open={open} onOpen={setOpen} onClose={close} />
      </Suspense>
    </>
  );
}

interface DialogsProps {
  readonly open: Open | null;
  readonly onOpen: (open: Open) => void;
  readonly onClose: () => void;
}

function Dialogs({ open, onOpen, onClose }: DialogsProps) {
  const onPassword = (password: NewPassword) => onOpen({ kind: 'PASSWORD', password });
  if (open === null) return null;
  if (open.kind === 'CREATE') return <CreateStaffDialog onClose={onClose} onCreated={onPassword} />;
  if (open.kind === 'EDIT') return <EditStaffDialog member={open.member} onClose={onClose} />;
  if (open.kind === 'PASSWORD') return <StaffPassword of={open.password} onClose={onClose} />;
  return <StaffQuestions question={open.kind} member={open.member} onClose={onClose} onPassword={onPassword} />;
}

function actionsOf(
  viewer: Viewer,
  member: StaffRow,
  ask: (what: 'EDIT' | StaffQuestion) => void,
): readonly RowAction[] {
  const whyNot = whyNotAsAnother(viewer, member);
  return [
    { label: 'Edit', icon: Pencil, onChoose: () => ask('EDIT'), whyNot: whyNotManage(viewer, member) },
    {
      label: 'Reset password',
      icon: KeyRound,
      onChoose: () => ask('RESET_PASSWORD'),
      whyNot: whyNotResetPassword(viewer, member),
    },
    {
      label: 'End sessions',
      icon: LogOut,
      onChoose: () => ask('END_SESSIONS'),
      whyNot: whyNotManage(viewer, member),
    },
    member.isActive
      ? { label: 'Deactivate', icon: UserMinus, onChoose: () => ask('DEACTIVATE'), whyNot }
      : { label: 'Reactivate', icon: UserCheck, onChoose: () => ask('REACTIVATE'), whyNot },
    { label: 'Remove', icon: Trash2, isDangerous: true, onChoose: () => ask('REMOVE'), whyNot },
  ];
}

function filterInWords({ search, isActive }: { readonly search: string | null; readonly isActive: boolean | null }) {
  return [search === null ? null : `called “${search}”`, isActive === null ? null : isActive ? 'active' : 'deactivated']
    .filter((part) => part !== null)
    .join(' and ');
}
