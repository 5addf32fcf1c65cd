import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import type { FormEvent } from 'react';
import { useFields } from '../components/fields.ts';
import { Modal } from '../components/modal.tsx';
import { showDone } from '../components/toasts.tsx';
import { useCommand } from '../graphql/use-command.ts';
import { ChangePasswordDocument } from './change-password.graphql.ts';
import { sessionState } from './session-state.ts';

export default function ChangePasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const command = useCommand(ChangePasswordDocument);
  const fields = useFields({ currentPassword: '', newPassword: '' });

  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await command.run(fields.values);
    fields.reset();
    if (!result.isDone) return fields.refuse(result.failures);
    showDone('Your password is changed.');
    onClose();
    sessionState.set('ENDED');
  }

  return (
    <Modal opened onClose={onClose} title="Change password" centered>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm" c="var(--kw-ink-2)">
            It ends every session of yours, this one too: sign in again afterwards.
          </Text>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show current password' }}
            {...fields.text('currentPassword')}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters, without your user name, and none of the common ones."
            autoComplete="new-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show new password' }}
            {...fields.text('newPassword')}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={command.isRunning}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
