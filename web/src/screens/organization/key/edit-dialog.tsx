import { TextInput } from '@mantine/core';
import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { useFields } from '../../../components/fields.ts';
import { consequences } from './consequences.tsx';
import type { KeyDialogProps } from './dialog-props.ts';
import { EditApiKeyDocument } from './key.graphql.ts';
import classes from './key-tab.module.css';
import { keyOf } from './key-words.ts';
import { useKeyCommand } from './use-key-command.ts';

const LENGTH = 12;

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
  const { value, error, onChange } = fields.text('newKey');
  return (
    <ConfirmForm
      onClose={props.onClose}
      verb="Edit key"
      consequences={consequences(props, props.others)}
      isRunning={command.isRunning}
      onConfirm={() => void command.run(fields.values).then(fields.refuse)}
    >
      <TextInput
        label="New key"
        description={`Exactly ${LENGTH} characters of A–Z, a–z and 0–9; ${value.length} so far.`}
        value={value}
        error={error ?? wrongWith(value)}
        onChange={onChange}
        required
        withAsterisk={false}
        maxLength={LENGTH * 2}
        classNames={{ input: classes.mono }}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        data-autofocus
      />
    </ConfirmForm>
  );
}

/** What can be said before the API is asked. */
function wrongWith(text: string): string | undefined {
  if (/[^A-Za-z0-9]/.test(text)) return 'Only A–Z, a–z and 0–9. Take the other characters out.';
  return text.length > LENGTH ? `It is too long by ${text.length - LENGTH}.` : undefined;
}
