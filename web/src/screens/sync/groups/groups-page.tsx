import { Button, TextInput } from '@mantine/core';
import { ArrowLeftRight, FolderOpen, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useTenantId, useTenantSearch } from '../../../app/tenant.ts';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { useFields } from '../../../components/fields.ts';
import { usePageTitle } from '../../../components/page-title.ts';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { EmptyState } from '../../../components/states.tsx';
import type { TableColumn } from '../../../components/table/column.ts';
import { DataTable } from '../../../components/table/data-table.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import type { RowAction } from '../../../components/table/row-menu.tsx';
import { wholeNumber } from '../../../components/time.ts';
import { showDone } from '../../../components/toasts.tsx';
import { useAction } from '../../../graphql/use-action.ts';
import { useCommand } from '../../../graphql/use-command.ts';
import { usePages } from '../../../graphql/use-pages.ts';
import { useMay } from '../../../session/viewer.ts';
import classes from '../sync.module.css';
import { SyncHead } from '../sync-head.tsx';
import {
  DeleteGroupDocument,
  GroupsPageDocument,
  type GroupsPageQuery,
  UpdateGroupDocument,
} from './groups.graphql.ts';

type Group = GroupsPageQuery['organizationGroups']['nodes'][number];

const columns: readonly TableColumn<Group>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 230,
    isFixed: true,
    isNarrow: true,
    cell: ({ name }) => (
      <span dir="auto" title={name} style={{ fontWeight: 550 }}>
        {name}
      </span>
    ),
  },
  {
    id: 'count',
    label: 'Organizations',
    width: 112,
    isNumber: true,
    isNarrow: true,
    cell: ({ organizationCount }) => wholeNumber(organizationCount),
  },
  {
    id: 'kind',
    label: 'Chosen',
    width: 170,
    cell: ({ kind }) => (kind === 'BY_HAND' ? 'By hand' : 'By filter, anew each time'),
  },
  {
    id: 'provider',
    label: 'Provider',
    width: 180,
    cell: ({ serviceProvider: { name } }) => (
      <span dir="auto" title={name}>
        {name}
      </span>
    ),
  },
  { id: 'createdBy', label: 'Saved by', width: 150, cell: ({ createdByName }) => <bdi>{createdByName}</bdi> },
  { id: 'createdAt', label: 'Saved', width: 110, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
];

/** Organizations under a name, to be looked at and acted upon together. */
export default function GroupsPage() {
  usePageTitle('Saved groups', 'Sync');
  const navigate = useNavigate();
  const serviceProviderId = useTenantId();
  const search = useTenantSearch();
  const { layout, setLayout } = useLayout('groups', columns);
  const pages = usePages(GroupsPageDocument, { serviceProviderId }, (data) => data.organizationGroups);
  const [asked, setAsked] = useState<{ readonly what: 'RENAME' | 'DELETE'; readonly group: Group } | null>(null);
  const mayManage = useMay('organization:manage');
  const maySync = useMay('apiKey:sync');
  const close = () => setAsked(null);
  function actionsOf(group: Group): readonly RowAction[] {
    const { id } = group;
    return [
      { label: 'See its organizations', icon: FolderOpen, to: `/organizations?group=${id}` },
      ...(maySync ? [{ label: 'Sync key', icon: ArrowLeftRight, to: `/sync/new?by=group&group=${id}` }] : []),
      ...(mayManage
        ? [
            { label: 'Rename', icon: Pencil, onChoose: () => setAsked({ what: 'RENAME', group }) },
            { label: 'Delete', icon: Trash2, isDangerous: true, onChoose: () => setAsked({ what: 'DELETE', group }) },
          ]
        : []),
    ];
  }
  const choose = (
    <Button component={Link} to={`/organizations${search}`} size="xs" variant="default">
      Choose organizations
    </Button>
  );
  return (
    <div className={classes.page}>
      <SyncHead>{mayManage && choose}</SyncHead>
      <DataTable
        label="Saved groups"
        columns={columns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        onOpen={({ id }) => void navigate(`/organizations?group=${id}`)}
        actionsOf={actionsOf}
        empty={
          <EmptyState icon={FolderOpen} title="No saved groups yet" action={mayManage && choose}>
            Select organizations in the table, or all that match a filter, and save them under a name. A group can be
            synced, disabled or renewed at any time.
          </EmptyState>
        }
      />
      {asked?.what === 'RENAME' && <RenameDialog group={asked.group} onClose={close} />}
      {asked?.what === 'DELETE' && <DeleteDialog group={asked.group} onClose={close} />}
    </div>
  );
}

interface DialogProps {
  readonly group: Group;
  readonly onClose: () => void;
}

function RenameDialog({ group: { id, name }, onClose }: DialogProps) {
  const fields = useFields({ name });
  const command = useCommand(UpdateGroupDocument);
  async function rename() {
    const result = await command.run({ organizationGroupId: id, name: fields.values.name });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(`Renamed ${name} to ${fields.values.name}`);
    onClose();
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Rename ${name}`}
      verb="Rename group"
      isUndoable
      isRunning={command.isRunning}
      onConfirm={() => void rename()}
    >
      <TextInput label="Name" required maxLength={200} dir="auto" data-autofocus {...fields.text('name')} />
    </ConfirmDialog>
  );
}

function DeleteDialog({ group: { id, name }, onClose }: DialogProps) {
  const action = useAction(DeleteGroupDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete the group ${name}`}
      verb="Delete group"
      consequences={['Its organizations and their keys are not touched.']}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action.run({ organizationGroupId: id }, `Deleted the group ${name}`).then((isDone) => isDone && onClose())
      }
    />
  );
}
