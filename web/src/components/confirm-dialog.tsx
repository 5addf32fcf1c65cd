import { Button, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import classes from './confirm-dialog.module.css';
import { Modal } from './modal.tsx';

interface ConfirmFormProps {
  readonly onClose: () => void;
  /** The same verb as in the title, never "OK": "Delete key". */
  readonly verb: string;
  /** What stops working, each a sentence. */
  readonly consequences?: readonly ReactNode[];
  readonly isUndoable?: boolean;
  /** Whether somebody loses something by it; whatever cannot be undone does. */
  readonly isHarmful?: boolean;
  /** What must be typed first, such as the organization's name or a count. */
  readonly typed?: string;
  /** On the other button, where "Cancel" would be misread. */
  readonly dismissal?: string;
  /** What a field of it holds cannot be sent. */
  readonly isDisabled?: boolean;
  readonly isRunning?: boolean;
  readonly onConfirm: () => void;
  /** Fields that belong to it, such as a note. */
  readonly children?: ReactNode;
}

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Names the thing: "Delete the key of Northwind GmbH". */
  readonly title: string;
}

/** Asks before something that others will notice. */
export function ConfirmDialog({ opened, onClose, title, ...form }: DialogProps & ConfirmFormProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <ConfirmForm onClose={onClose} {...form} />
    </Dialog>
  );
}

/** The frame of one. What it holds is there only while it is open: fields that keep something begin there. */
export function Dialog({ opened, onClose, title, children }: DialogProps & { readonly children: ReactNode }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      size="md"
      closeOnClickOutside={false}
      classNames={{ title: classes.title }}
    >
      {children}
    </Modal>
  );
}

export function ConfirmForm({
  onClose,
  verb,
  consequences = [],
  isUndoable = false,
  isHarmful = !isUndoable,
  typed,
  dismissal = 'Cancel',
  isDisabled = false,
  isRunning = false,
  onConfirm,
  children,
}: ConfirmFormProps) {
  const [text, setText] = useState('');
  const isConfirmed = !isDisabled && (typed === undefined || sameText(text, typed));
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
              <List.Item key={index} className={classes.consequence}>
                {consequence}
              </List.Item>
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
              <span className={classes.consequence}>
                Type <b dir="auto">{typed}</b> to confirm
              </span>
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            data-autofocus
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} {...(children === undefined && { 'data-autofocus': true })}>
            {dismissal}
          </Button>
          <Button type="submit" color={isHarmful ? 'red' : undefined} disabled={!isConfirmed} loading={isRunning}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** However the keyboard puts an é together, and however often space was pressed. */
function sameText(one: string, other: string): boolean {
  const plain = (text: string) => text.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
  return plain(one) === plain(other);
}
