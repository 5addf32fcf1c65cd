import { Button } from '@mantine/core';
import { CircleX } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { isAwaitingApproval, isPlanned, titleOf } from '../operation-words.ts';
import type { OperationFragment } from '../sync.graphql.ts';
import { useCancelOperation } from '../use-cancel-operation.ts';

/** Asks first, then ends an operation that waits or runs. */
export function CancelButton({ operation }: { readonly operation: OperationFragment }) {
  const cancellation = useCancelOperation();
  const [isAsked, setIsAsked] = useState(false);
  const isWaiting = isAwaitingApproval(operation);
  const verb = isWaiting ? 'Withdraw operation' : 'Cancel operation';

  async function cancel() {
    const isDone = await cancellation.run(operation.id);
    setIsAsked(false);
    if (!isDone) return;
    if (isWaiting || isPlanned(operation)) showDone(`${isWaiting ? 'Withdrawn' : 'Cancelled'}. Nothing was changed.`);
    else showDone('It ends after what it is at.');
  }

  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<CircleX size={14} aria-hidden />}
        disabled={operation.cancelRequestedAt !== null}
        onClick={() => setIsAsked(true)}
      >
        {operation.cancelRequestedAt === null ? verb : 'Ending'}
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={() => setIsAsked(false)}
        title={`${verb.split(' ')[0]}: ${titleOf(operation)}`}
        verb={verb}
        consequences={consequencesOf(operation)}
        isRunning={cancellation.isRunning}
        onConfirm={() => void cancel()}
      />
    </>
  );
}

function consequencesOf(operation: OperationFragment): readonly string[] {
  if (isAwaitingApproval(operation)) return ['Nobody can approve it any more. Nothing has been changed.'];
  if (isPlanned(operation)) return ['It does not take place. Nothing has been changed.'];
  if (operation.atomicity === 'ALL_OR_NOTHING') return ['Nothing will have been changed.'];
  return ['What is done stays done. What is not done yet is left as it is.'];
}
