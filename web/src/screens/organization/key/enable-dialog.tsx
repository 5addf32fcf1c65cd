import { Textarea } from '@mantine/core';
import { ConfirmForm, Dialog } from '../../../components/confirm-dialog.tsx';
import { inWords, isLiftedBy, sourceWords } from '../../../components/disablement.ts';
import { useFields } from '../../../components/fields.ts';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { EnableApiKeyDocument } from './key.graphql.ts';
import { keyOf, type SlotProps } from './key-words.ts';

interface EnableDialogProps extends SlotProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMoved: () => void;
}

export function EnableDialog(props: EnableDialogProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={`Enable ${keyOf(props)}`}>
      <EnableForm {...props} />
    </Dialog>
  );
}

function EnableForm({ organization, slot, onClose, onMoved }: EnableDialogProps) {
  const viewer = useViewer();
  const command = useCommand(EnableApiKeyDocument);
  const fields = useFields({ note: '' });
  const staying = slot.disablements.filter(({ source }) => !isLiftedBy(viewer, source));

  async function submit() {
    const place = { organizationId: organization.id, kind: slot.kind, expectedVersion: slot.version };
    const result = await command.run({ ...place, note: fields.values.note });
    if (!result.isDone) {
      fields.refuse(result.failures);
      if (result.failures.some(({ code }) => code === 'VERSION_CONFLICT')) {
        onClose();
        onMoved();
      }
      return;
    }
    onClose();
    const left = result.payload.apiKey?.disablements ?? [];
    const key = keyOf({ organization, slot });
    if (left.length === 0) showDone(`Enabled ${key}.`);
    else showDone(`What you may lift is lifted. ${sentence(key)} is still disabled ${why(left)}.`);
  }

  return (
    <ConfirmForm
      onClose={onClose}
      verb="Enable key"
      consequences={[
        ...(slot.exists ? [] : ['There is no key yet: one can be added afterwards.']),
        ...(slot.exists && staying.length === 0 ? ['The key works again at once.'] : []),
        ...(staying.length === 0 ? [] : [`It stays disabled ${why(staying)}.`]),
        ...(slot.disablements.some(({ source }) => source === 'CALL_THRESHOLD')
          ? ['Calls are counted from zero again.']
          : []),
      ]}
      isUndoable
      isRunning={command.isRunning}
      onConfirm={() => void submit()}
    >
      <Textarea
        label="Note"
        description="Why it is enabled. It goes into the audit trail."
        required
        withAsterisk={false}
        autosize
        minRows={2}
        maxRows={8}
        dir="auto"
        data-autofocus
        {...fields.text('note')}
      />
    </ConfirmForm>
  );
}

function why(disablements: SlotProps['slot']['disablements']): string {
  return inWords(disablements.map(({ source }) => sourceWords[source]));
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
