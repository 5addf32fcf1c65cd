import { Button } from '@mantine/core';
import { CirclePlay, CircleSlash, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTenantId } from '../../app/tenant.ts';
import { usePageTitle } from '../../components/page-title.ts';
import { EmptyState } from '../../components/states.tsx';
import { ColumnsMenu } from '../../components/table/columns-menu.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useLayout } from '../../components/table/layout.ts';
import type { RowAction } from '../../components/table/row-menu.tsx';
import { useAction } from '../../graphql/use-action.ts';
import { usePages } from '../../graphql/use-pages.ts';
import { useMay, useViewer } from '../../session/viewer.ts';
import { policyColumns } from './policy-columns.tsx';
import { DeletePolicy, SwitchOffPolicy } from './policy-questions.tsx';
import { PoliciesPageDocument, type PolicyFragment, UpdateRotationPolicyDocument } from './rotation.graphql.ts';
import classes from './rotation.module.css';
import { RotationHead } from './rotation-head.tsx';

const PolicyDialog = lazy(() => import('./policy-dialog.tsx'));

type Question = 'EDIT' | 'SWITCH_OFF' | 'DELETE';
type Open = { readonly kind: 'CREATE' } | { readonly kind: Question; readonly policy: PolicyFragment };

/** How old keys may become, where, and what happens then. */
export default function PoliciesPage() {
  usePageTitle('Rotation');
  const serviceProviderId = useTenantId();
  const viewer = useViewer();
  // Rules outlast what was lent: whoever acts under a delegation makes none.
  const mayManage = useMay('rotation:manage') && viewer.onBehalfOf === null;
  const [open, setOpen] = useState<Open | null>(null);
  const { layout, setLayout, reset } = useLayout('policies', policyColumns);
  const pages = usePages(PoliciesPageDocument, { serviceProviderId }, (data) => data.rotationPolicies);
  const actionsOf = usePolicyActions((kind, policy) => setOpen({ kind, policy }));
  const add = mayManage && (
    <Button
      size="xs"
      variant="default"
      leftSection={<Plus size={14} aria-hidden />}
      onClick={() => setOpen({ kind: 'CREATE' })}
    >
      Add policy
    </Button>
  );
  const isEmpty = !pages.isLoading && pages.rows.length === 0;
  const close = () => setOpen(null);
  return (
    <div className={classes.page}>
      <RotationHead>
        {!isEmpty && <ColumnsMenu columns={policyColumns} layout={layout} onLayout={setLayout} onReset={reset} />}
        {!isEmpty && add}
      </RotationHead>
      <DataTable
        label="Rotation policies"
        columns={policyColumns}
        layout={layout}
        onLayout={setLayout}
        pages={pages}
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        {...(mayManage && { actionsOf, onOpen: (policy: PolicyFragment) => setOpen({ kind: 'EDIT', policy }) })}
        empty={
          <EmptyState icon={RefreshCw} title="No rotation policies yet" action={add}>
            A policy says how old keys may become, tells people ahead, and rotates them in a window that you choose, if
            it is to.
          </EmptyState>
        }
      />
      <Suspense fallback={null}>
        {open?.kind === 'CREATE' && <PolicyDialog policy={null} onClose={close} />}
        {open?.kind === 'EDIT' && <PolicyDialog policy={open.policy} onClose={close} />}
        {open?.kind === 'SWITCH_OFF' && <SwitchOffPolicy policy={open.policy} onClose={close} />}
        {open?.kind === 'DELETE' && <DeletePolicy policy={open.policy} onClose={close} />}
      </Suspense>
    </div>
  );
}

function usePolicyActions(ask: (what: Question, policy: PolicyFragment) => void) {
  const update = useAction(UpdateRotationPolicyDocument);
  return (policy: PolicyFragment): readonly RowAction[] => {
    const { id, name, isEnabled } = policy;
    const done = `Switched on ${name}. What it means for each key is told first.`;
    return [
      { label: 'Edit', icon: Pencil, onChoose: () => ask('EDIT', policy) },
      isEnabled
        ? { label: 'Switch off', icon: CircleSlash, onChoose: () => ask('SWITCH_OFF', policy) }
        : {
            label: 'Switch on',
            icon: CirclePlay,
            onChoose: () => void update.run({ rotationPolicyId: id, isEnabled: true }, done),
          },
      { label: 'Delete', icon: Trash2, isDangerous: true, onChoose: () => ask('DELETE', policy) },
    ];
  };
}
