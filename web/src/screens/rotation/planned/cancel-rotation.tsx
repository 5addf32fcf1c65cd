import { useState } from 'react';
import { useClient } from 'urql';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { plural } from '../../../components/time.ts';
import { showDone, showFailure } from '../../../components/toasts.tsx';
import { failureOf } from '../../../graphql/failure.ts';
import { revision } from '../../../graphql/revision.ts';
import type { OperationFragment } from '../../sync/sync.graphql.ts';
import { CancelRotationDocument } from '../rotation.graphql.ts';

interface CancelRotationProps {
  readonly operation: OperationFragment;
  readonly onClose: () => void;
}

/** Asks first: nothing is done then, and a string that was given is forgotten. */
export function CancelRotation({ operation: { id, total }, onClose }: CancelRotationProps) {
  const client = useClient();
  const [isRunning, setIsRunning] = useState(false);

  async function cancel() {
    setIsRunning(true);
    const { data, error } = await client.mutation(CancelRotationDocument, { id }).toPromise();
    setIsRunning(false);
    const failures = error === undefined ? (data?.cancelRotation.userErrors ?? []) : [failureOf(error)];
    for (const failure of failures) showFailure(failure);
    onClose();
    if (failures.length > 0) return;
    revision.set(revision.get() + 1);
    showDone('Cancelled. Nothing was changed.');
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
      isRunning={isRunning}
      onConfirm={() => void cancel()}
    />
  );
}
