import { Text } from '@mantine/core';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { showFieldFailures } from '../../../graphql/use-action.ts';
import { consequences } from './consequences.tsx';
import type { KeyDialogProps } from './dialog-props.ts';
import { AddApiKeyDocument, DeleteApiKeyDocument, RegenerateApiKeyDocument } from './key.graphql.ts';
import { keyOf, keyWords } from './key-words.ts';
import { useKeyCommand } from './use-key-command.ts';

export function AddDialog(props: KeyDialogProps) {
  const { organization, slot, opened, onClose } = props;
  const command = useKeyCommand(AddApiKeyDocument, 'Added', props);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Add a ${keyWords[slot.kind]} to ${organization.name}`}
      verb="Add key"
      isHarmful={false}
      isRunning={command.isRunning}
      onConfirm={() => void command.run({}).then(showFieldFailures)}
    >
      <Text size="sm">A new random key is made. It is valid at once.</Text>
    </ConfirmDialog>
  );
}

export function RegenerateDialog(props: KeyDialogProps) {
  const { opened, onClose, others } = props;
  const command = useKeyCommand(RegenerateApiKeyDocument, 'Regenerated', props);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Regenerate ${keyOf(props)}`}
      verb="Regenerate key"
      consequences={[...consequences(props, others), 'A new random key takes its place, valid at once.']}
      isRunning={command.isRunning}
      onConfirm={() => void command.run({}).then(showFieldFailures)}
    />
  );
}

export function DeleteDialog(props: KeyDialogProps) {
  const { organization, opened, onClose, others } = props;
  const command = useKeyCommand(DeleteApiKeyDocument, 'Deleted', props);
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${keyOf(props)}`}
      verb="Delete key"
      consequences={[...consequences(props, others), 'It has no key afterwards, until somebody adds one.']}
      typed={organization.name}
      isRunning={command.isRunning}
      onConfirm={() => void command.run({}).then(showFieldFailures)}
    />
  );
}
