import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { useFields } from '../../../components/fields.ts';
import { KeyStringInput } from '../../../components/key-string-input.tsx';
import { consequences } from './consequences.tsx';
import type { KeyDialogProps } from './dialog-props.ts';
import { EditApiKeyDocument } from './key.graphql.ts';
import { keyOf } from './key-words.ts';
import { useKeyCommand } from './use-key-command.ts';

export function EditDialog(props: KeyDialogProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Edit ${keyOf(props)}`}>
      <EditForm {...props} />
    </Dialog>
  );
}

/** What is typed is kept here, and so is gone with the dialog. */
function EditForm(props: KeyDialogProps) {
  const command = useKeyCommand(EditApiKeyDocument, 'Edited', props);
  const fields = useFields({ newKey: '' });
  return (
    <ConfirmForm
      onClose={props.onClose}
      verb="Edit key"
      consequences={consequences(props, props.others)}
      isRunning={command.isRunning}
      onConfirm={() => void command.run(fields.values).then(fields.refuse)}
    >
      <KeyStringInput required withAsterisk={false} data-autofocus {...fields.text('newKey')} />
    </ConfirmForm>
  );
}
