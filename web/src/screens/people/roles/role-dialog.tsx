import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { PermissionChoice } from '../permission-choice.tsx';
import { beyond, permissionWords } from '../permission-words.ts';
import type { OwnRole } from './own-role.ts';
import { CreateCustomRoleDocument, UpdateCustomRoleDocument } from './roles.graphql.ts';

/** People never verify keys: that is for gateways. */
const offered = Object.keys(permissionWords).filter((permission) => permission !== 'gateway:verify');

interface RoleDialogProps {
  /** Null: a new one. */
  readonly existing: OwnRole | null;
  readonly provider: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

export default function RoleDialog({ existing, provider, onClose }: RoleDialogProps) {
  const viewer = useViewer();
  const create = useCommand(CreateCustomRoleDocument);
  const update = useCommand(UpdateCustomRoleDocument);
  const fields = useFields({ name: existing?.name ?? '', permissions: '' });
  const [permissions, setPermissions] = useState<readonly string[]>(existing?.permissions ?? ['apiKey:view']);
  const { name } = fields.values;
  const isOtherBundle = existing !== null && [...permissions].sort().join() !== [...existing.permissions].sort().join();

  async function submit() {
    const result =
      existing === null
        ? await create.run({ serviceProviderId: provider.id, name, permissions: [...permissions] })
        : await update.run({
            customRoleId: existing.customRole.id,
            name,
            ...(isOtherBundle ? { permissions: [...permissions] } : {}),
          });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(existing === null ? `Created the role ${name}.` : `Changed the role ${name}.`);
    onClose();
  }

  return (
    <FormDialog
      title={existing === null ? `Create a role of ${provider.name}` : `Edit the role ${existing.name}`}
      verb={existing === null ? 'Create role' : 'Save changes'}
      size="lg"
      isRunning={create.isRunning || update.isRunning}
      isDisabled={permissions.length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What people see when they choose a role."
        required
        withAsterisk={false}
        data-autofocus
        {...fields.text('name')}
      />
      <PermissionChoice
        label="Whoever has it may"
        offered={offered}
        chosen={permissions}
        onChange={setPermissions}
        whyNot={(permission) => (beyond(viewer, [permission]).length === 0 ? null : 'You do not have it yourself.')}
        error={fields.text('permissions').error}
      />
      {isOtherBundle && (
        <Text size="sm" role="status">
          Whoever has this role is signed out, and may do the new set from the next sign-in.
        </Text>
      )}
    </FormDialog>
  );
}
