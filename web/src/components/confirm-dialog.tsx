import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Names the thing: "Delete the key of Northwind GmbH". */
  readonly title: string;
  /** The same verb as in the title, never "OK": "Delete key". */
  readonly verb: string;
  /** What stops working, each a sentence. */
  readonly consequences?: readonly ReactNode[];
  readonly isUndoable?: boolean;
  /** What must be typed first, such as the organization's name or a count. */
  readonly typed?: string;
  readonly isRunning?: boolean;
  readonly onConfirm: () => void;
  /** Fields that belong to it, such as a note. */
  readonly children?: ReactNode;
}

/** Asks before something that others will notice. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, onClose, title } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered size="md">
      <ConfirmForm {...props} />
    </Modal>
  );
}

function ConfirmForm({
  onClose,
  verb,
  consequences = [],
  isUndoable = false,
  typed,
  isRunning = false,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const [text, setText] = useState('');
  const isConfirmed = typed === undefined || text.trim() === typed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isConfirmed && !isRunning) onConfirm();
      }}
    >
      <Stack gap="md">
        {consequences.length > 0 && (
          <List size="sm" spacing={4}>
            {consequences.map((consequence, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sentences that stay where they are
              <List.Item key={index}>{consequence}</List.Item>
            ))}
          </List>
        )}
        {children}
        {!isUndoable && (
          <Text size="sm" fw={600}>
            This action cannot be undone.
          </Text>
        )}
        {typed !== undefined && (
          <TextInput
            label={
              <>
                Type <b>{typed}</b> to confirm
              </>
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={isUndoable ? undefined : 'red'} disabled={!isConfirmed} loading={isRunning}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
