import { type ComponentType, useState } from 'react';
import { Modal } from '../../../components/modal.tsx';
import classes from '../sync.module.css';
import { type BulkTarget, counted, targetInWords } from '../target.ts';
import { DisableFlow, EnableFlow, type FlowProps, RegenerateFlow, RenewFlow } from './flows.tsx';
import { SyncFlow } from './sync-flow.tsx';

export type FlowKind = 'SYNC' | 'ENABLE' | 'DISABLE' | 'REGENERATE' | 'RENEW';

const flows: Record<FlowKind, { readonly title: string; readonly Flow: ComponentType<FlowProps> }> = {
  SYNC: { title: 'Sync the key of', Flow: SyncFlow },
  ENABLE: { title: 'Enable the keys of', Flow: EnableFlow },
  DISABLE: { title: 'Disable the keys of', Flow: DisableFlow },
  REGENERATE: { title: 'Regenerate the keys of', Flow: RegenerateFlow },
  RENEW: { title: 'Renew the subscriptions of', Flow: RenewFlow },
};

interface FlowDialogProps {
  readonly kind: FlowKind;
  readonly target: BulkTarget;
  /** @param hasStarted whether something was done */
  readonly onClose: (hasStarted: boolean) => void;
}

/** A command over selected organizations, from what to do to how it ended. What was selected when it was opened counts. */
export default function FlowDialog({ kind, target: given, onClose }: FlowDialogProps) {
  const [target, setTarget] = useState(given);
  const [hasStarted, setHasStarted] = useState(false);
  const { title, Flow } = flows[kind];
  const close = () => onClose(hasStarted);
  return (
    <Modal
      opened
      onClose={close}
      title={`${title} ${targetInWords(target)}`}
      centered
      size="lg"
      closeOnClickOutside={false}
      classNames={{ title: classes.dialogTitle }}
    >
      <Flow
        target={target}
        onClose={close}
        onStarted={() => setHasStarted(true)}
        onCount={(total) => setTarget(counted(target, total))}
      />
    </Modal>
  );
}
