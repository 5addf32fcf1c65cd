import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Modal } from './modal.tsx';

interface FormDialogProps {
  /** Names what it is about: "Add a service account". */
  readonly title: string;
  /** On its button, never "OK". */
  readonly verb: string;
  readonly isRunning: boolean;
  readonly isDisabled?: boolean;
  readonly size?: 'md' | 'lg';
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form in a dialog, which is there while it is open: what was typed goes with it. */
export function FormDialog(props: FormDialogProps) {
  const { title, verb, isRunning, isDisabled = false, size = 'md', onSubmit, onClose, children } = props;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isRunning && !isDisabled) void onSubmit();
  }
  return (
    <Modal opened onClose={onClose} title={title} centered size={size} closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {children}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isRunning} disabled={isDisabled}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
