import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAction } from '../../graphql/use-action.ts';
import {
  DeleteMailRecipientDocument,
  type MailRecipientRowFragment,
  UpdateMailRecipientDocument,
} from './mail.graphql.ts';

interface QuestionProps {
  readonly recipient: MailRecipientRowFragment;
  readonly onClose: () => void;
}

export function DisableRecipient({ recipient: { id, address }, onClose }: QuestionProps) {
  const action = useAction(UpdateMailRecipientDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Disable ${address}`}
      verb="Disable recipient"
      consequences={['No mail is sent to it until somebody enables it again.']}
      isUndoable
      isRunning={action.isRunning}
      onConfirm={() =>
        void action
          .run({ mailRecipientId: id, isEnabled: false }, `Disabled ${address}.`)
          .then((isDone) => isDone && onClose())
      }
    />
  );
}

export function DeleteRecipient({ recipient: { id, address }, onClose }: QuestionProps) {
  const action = useAction(DeleteMailRecipientDocument);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${address}`}
      verb="Delete recipient"
      consequences={['No mail is sent to it any more, and what it was to be told of is forgotten.']}
      isRunning={action.isRunning}
      onConfirm={() =>
        void action.run({ mailRecipientId: id }, `Deleted ${address}.`).then((isDone) => isDone && onClose())
      }
    />
  );
}
