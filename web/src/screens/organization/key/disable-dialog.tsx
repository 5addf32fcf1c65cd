import { NativeSelect, Textarea } from '@mantine/core';
import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { chosenReasons, reasonWords } from '../../../components/disablement.ts';
import { useFields } from '../../../components/fields.ts';
import { usesOf } from './consequences.tsx';
import type { KeyDialogProps } from './dialog-props.ts';
import { DisableApiKeyDocument } from './key.graphql.ts';
import { keyOf } from './key-words.ts';
import { useKeyCommand } from './use-key-command.ts';

export function DisableDialog(props: KeyDialogProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Disable ${keyOf(props)}`}>
      <DisableForm {...props} />
    </Dialog>
  );
}

function DisableForm(props: KeyDialogProps) {
  // Nothing new is in the slot.
  const command = useKeyCommand(DisableApiKeyDocument, 'Disabled', { ...props, onFresh: () => props.onFresh(null) });
  const fields = useFields({ reason: '', note: '' });
  const reason = chosenReasons.find((each) => each === fields.values.reason);

  function submit() {
    if (reason === undefined) return;
    const note = fields.values.note.trim() || null;
    void command.run({ reason, note }).then(fields.refuse);
  }

  return (
    <ConfirmForm
      onClose={props.onClose}
      verb="Disable key"
      consequences={[
        'Every call with it is refused, and it opens no API session any more.',
        ...usesOf(props),
        'Those at the organization see the reason, the note and your name.',
      ]}
      isUndoable
      isHarmful
      isRunning={command.isRunning}
      onConfirm={submit}
    >
      <NativeSelect
        label="Reason"
        required
        withAsterisk={false}
        data={[
          { value: '', label: 'Choose a reason', disabled: true },
          ...chosenReasons.map((each) => ({ value: each, label: reasonWords[each] })),
        ]}
        data-autofocus
        {...fields.text('reason')}
      />
      <Textarea
        label={reason === 'OTHER' ? 'Note' : 'Note (optional)'}
        description="What it takes for the key to be enabled again."
        required={reason === 'OTHER'}
        withAsterisk={false}
        autosize
        minRows={2}
        maxRows={8}
        dir="auto"
        {...fields.text('note')}
      />
    </ConfirmForm>
  );
}
