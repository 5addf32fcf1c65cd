import { CalendarClock, CircleX, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useTenantId, useTenantName, useTenantSearch } from '../../../app/tenant.ts';
import { usePageTitle } from '../../../components/page-title.ts';
import { EmptyState } from '../../../components/states.tsx';
import { DataTable } from '../../../components/table/data-table.tsx';
import { useLayout } from '../../../components/table/layout.ts';
import type { RowAction } from '../../../components/table/row-menu.tsx';
import { usePages } from '../../../graphql/use-pages.ts';
import { useViewer } from '../../../session/viewer.ts';
import { isAwaitingApproval, kinds, titleOf } from '../../sync/operation-words.ts';
import { type OperationFragment, PlannedPageDocument } from '../../sync/sync.graphql.ts';
import classes from '../rotation.module.css';
import { RotationHead } from '../rotation-head.tsx';
import { CancelRotation } from './cancel-rotation.tsx';
import { plannedColumns } from './planned-columns.tsx';

/** Rotations whose time is to come. */
export default function PlannedPage() {
  usePageTitle('Planned', 'Rotation');
  const navigate = useNavigate();
  const viewer = useViewer();
  const serviceProviderId = useTenantId();
  const tenantName = useTenantName();
  const search = useTenantSearch();
  const [cancelled, setCancelled] = useState<OperationFragment | null>(null);
  const { layout, setLayout } = useLayout('planned', plannedColumns);
  const pages = usePages(PlannedPageDocument, { serviceProviderId }, (data) => data.bulkOperations);
  function actionsOf(operation: OperationFragment): readonly RowAction[] {
    const mayCancel = viewer.permissions.includes(kinds[operation.kind].permission);
    const isOthers = isAwaitingApproval(operation) && operation.createdBy.id !== viewer.id;
    const cancel: RowAction = {
      label: 'Cancel rotation',
      icon: CircleX,
      isDangerous: true,
      onChoose: () => setCancelled(operation),
      whyNot: isOthers ? 'It waits for approval: reject it, or let whoever planned it withdraw it.' : null,
    };
    return [
      { label: 'See what it would do', icon: FolderOpen, to: `/sync/operations/${operation.id}${search}` },
      ...(mayCancel ? [cancel] : []),
    ];
  }
  return (
    <div className={classes.page}>
      <RotationHead />
      <DataTable
        label="Planned rotations"
        columns={plannedColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={titleOf}
        onOpen={({ id }) => void navigate(`/sync/operations/${id}${search}`)}
        actionsOf={actionsOf}
        empty={
          <EmptyState
            icon={CalendarClock}
            title={tenantName === null ? 'No rotation is planned' : `No rotation is planned at ${tenantName}`}
          >
            A rotation can be planned for a time: these organizations, this string or new ones. Until then it is here,
            shows what it would do, and can be cancelled.
          </EmptyState>
        }
      />
      {cancelled !== null && <CancelRotation operation={cancelled} onClose={() => setCancelled(null)} />}
    </div>
  );
}
