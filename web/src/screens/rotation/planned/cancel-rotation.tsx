import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { plural } from '../../../components/time.ts';
import { showDone } from '../../../components/toasts.tsx';
import type { OperationFragment } from '../../sync/sync.graphql.ts';
import { useCancelOperation } from '../../sync/use-cancel-operation.ts';

interface CancelRotationProps {
  readonly operation: OperationFragment;
  readonly onClose: () => void;
}

/** Asks first: nothing is done then, and a string that was given is forgotten. */
export function CancelRotation({ operation: { id, total }, onClose }: CancelRotationProps) {
  const cancellation = useCancelOperation();

  async function cancel() {
    const isDone = await cancellation.run(id);
    onClose();
    if (isDone) showDone('Cancelled. Nothing was changed.');
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Cancel the rotation of ${plural(total, 'organization')}`}
      verb="Cancel rotation"
      dismissal="Keep it"
      consequences={[
        'It does not take place: the keys stay as they are.',
        'A string that was given for it is forgotten.',
      ]}
      isRunning={cancellation.isRunning}
      onConfirm={() => void cancel()}
    />
  );
}
