import { Button } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import type { BulkActionProps } from '../../organizations/bulk-action.ts';
import { targetOf } from '../target.ts';
import type { FlowKind } from './flow-dialog.tsx';

const FlowDialog = lazy(() => import('./flow-dialog.tsx'));

/** A button of a selection bar; what it opens is loaded when it is pressed. */
export function flowButton(kind: FlowKind, label: string, Icon: LucideIcon): ComponentType<BulkActionProps> {
  return function FlowButton({ selection, filter, total, onDone }) {
    const [isOpen, setIsOpen] = useState(false);
    return (
      <>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Icon size={14} aria-hidden />}
          onClick={() => setIsOpen(true)}
        >
          {label}
        </Button>
        {isOpen && (
          <Suspense fallback={null}>
            <FlowDialog
              kind={kind}
              target={targetOf(selection, filter, total)}
              onClose={(hasStarted) => {
                setIsOpen(false);
                if (hasStarted) onDone();
              }}
            />
          </Suspense>
        )}
      </>
    );
  };
}
