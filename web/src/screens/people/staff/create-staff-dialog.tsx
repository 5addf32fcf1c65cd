import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTenantId } from '../../../app/tenant.ts';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { ownPlace, PlaceSelect, placeInput } from '../place-select.tsx';
import { NO_ROLE, RoleSelect, roleInput } from './role-select.tsx';
import { CreateStaffMemberDocument } from './staff.graphql.ts';
import type { NewPassword } from './staff-password.tsx';

interface CreateStaffDialogProps {
  readonly onClose: () => void;
  readonly onCreated: (password: NewPassword) => void;
}

export default function CreateStaffDialog({ onClose, onCreated }: CreateStaffDialogProps) {
  const viewer = useViewer();
  const tenantId = useTenantId();
  const command = useCommand(CreateStaffMemberDocument);
  const fields = useFields({
    username: '',
    displayName: '',
    role: '',
    customRoleId: '',
    serviceProviderId: '',
    organizationId: '',
  });
  const [place, setPlace] = useState(() => ownPlace(viewer, tenantId));
  const [role, setRole] = useState(NO_ROLE);
  const { username, displayName } = fields.values;

  async function submit() {
    const result = await command.run({ username, displayName, ...placeInput(place), ...roleInput(role) });
    if (!result.isDone) return fields.refuse(result.failures);
    const { password, staffMember } = result.payload;
    onCreated({ displayName: staffMember?.displayName ?? displayName, username, password, isNew: true });
  }

  return (
    <FormDialog
      title="Add somebody"
      verb="Add and show password"
      isRunning={command.isRunning}
      isDisabled={role.role === null && role.customRoleId === null}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...fields.text('displayName')} />
      <TextInput
        label="User name"
        description="What they sign in with, such as an e-mail address. It stays."
        required
        withAsterisk={false}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...fields.text('username')}
      />
      <PlaceSelect
        label="Works at"
        description="They see that place and what is below it."
        value={place}
        error={fields.text('serviceProviderId').error ?? fields.text('organizationId').error}
        onChange={(next) => {
          setPlace(next);
          setRole(NO_ROLE);
        }}
      />
      <RoleSelect
        place={place}
        value={role}
        onChange={setRole}
        error={fields.text('role').error ?? fields.text('customRoleId').error}
        withPermissions
      />
    </FormDialog>
  );
}
