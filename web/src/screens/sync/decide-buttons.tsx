import { Button, Textarea } from '@mantine/core';
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useFields } from '../../components/fields.ts';
import { exactTime, plural } from '../../components/time.ts';
import { showDone } from '../../components/toasts.tsx';
import { useCommand } from '../../graphql/use-command.ts';
import { titleOf } from './operation-words.ts';
import { ApproveOperationDocument, type OperationFragment, RejectOperationDocument } from './sync.graphql.ts';

/** For the second person. While the dry run is being made there is nothing to look at, and nothing to approve. */
export function DecideButtons({ operation }: { readonly operation: OperationFragment }) {
  const [asked, setAsked] = useState<'APPROVE' | 'REJECT' | null>(null);
  const isReady = operation.approval?.dryRunStatus !== null;
  const close = () => setAsked(null);
  return (
    <>
      <Button
        size="xs"
        leftSection={<Check size={14} aria-hidden />}
        disabled={!isReady}
        title={isReady ? undefined : 'Its dry run is being made. Look at it first.'}
        onClick={() => setAsked('APPROVE')}
      >
        Approve
      </Button>
      <Button size="xs" variant="default" leftSection={<X size={14} aria-hidden />} onClick={() => setAsked('REJECT')}>
        Reject
      </Button>
      {asked === 'APPROVE' && <ApproveDialog operation={operation} onClose={close} />}
      {asked === 'REJECT' && <RejectDialog operation={operation} onClose={close} />}
    </>
  );
}

interface DialogProps {
  readonly operation: OperationFragment;
  readonly onClose: () => void;
}

function ApproveDialog({ operation, onClose }: DialogProps) {
  const fields = useFields({ note: '' });
  const command = useCommand(ApproveOperationDocument);
  const beginning = beginningOf(operation);
  async function approve() {
    const note = fields.values.note.trim() || null;
    const result = await command.run({ bulkOperationId: operation.id, note });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(`Approved: ${titleOf(operation)}. It begins ${beginning}.`);
    onClose();
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Approve: ${titleOf(operation)}`}
      verb="Approve operation"
      consequences={[
        `It begins ${beginning}, in the name of ${operation.createdBy.displayName}.`,
        `By its dry run ${plural(operation.changed, 'organization')} would change. Each is decided anew when its turn comes.`,
      ]}
      isRunning={command.isRunning}
      onConfirm={() => void approve()}
    >
      <Textarea
        label="Note"
        description="For the audit trail. It may stay empty."
        data-autofocus
        {...fields.text('note')}
      />
    </ConfirmDialog>
  );
}

/** A planned one waits for its time, once it is approved. */
function beginningOf({ runAt }: OperationFragment): string {
  const at = runAt === null ? 0 : Date.parse(runAt);
  return at > Date.now() ? `on ${exactTime(at)}` : 'at once';
}

function RejectDialog({ operation, onClose }: DialogProps) {
  const fields = useFields({ note: '' });
  const command = useCommand(RejectOperationDocument);
  async function reject() {
    const result = await command.run({ bulkOperationId: operation.id, note: fields.values.note });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(`Rejected: ${titleOf(operation)}. Nothing was changed.`);
    onClose();
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Reject: ${titleOf(operation)}`}
      verb="Reject operation"
      consequences={['It ends, and nothing is changed.']}
      isRunning={command.isRunning}
      onConfirm={() => void reject()}
    >
      <Textarea
        label="Why"
        description={`${operation.createdBy.displayName} reads it.`}
        required
        data-autofocus
        {...fields.text('note')}
      />
    </ConfirmDialog>
  );
}
