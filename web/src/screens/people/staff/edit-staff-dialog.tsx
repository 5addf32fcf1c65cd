import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { type ChosenRole, RoleSelect, roleInput } from './role-select.tsx';
import { UpdateStaffMemberDocument } from './staff.graphql.ts';
import type { StaffRow } from './staff-columns.tsx';
import { whyNotChangeRole } from './staff-rules.ts';

/** The product's roles are known by their names. */
function roleOf({ role, customRole }: StaffRow): ChosenRole {
  return customRole === null
    ? { role: role as ChosenRole['role'], customRoleId: null }
    : { role: null, customRoleId: customRole.id };
}

export default function EditStaffDialog({
  member,
  onClose,
}: {
  readonly member: StaffRow;
  readonly onClose: () => void;
}) {
  const viewer = useViewer();
  const command = useCommand(UpdateStaffMemberDocument);
  const fields = useFields({ displayName: member.displayName, role: '', customRoleId: '' });
  const before = roleOf(member);
  const [role, setRole] = useState(before);
  const { displayName } = fields.values;
  const whyNotRole = whyNotChangeRole(viewer, member);
  const isOtherRole = role.role !== before.role || role.customRoleId !== before.customRoleId;

  async function submit() {
    const result = await command.run({
      staffMemberId: member.id,
      displayName,
      ...(isOtherRole ? roleInput(role) : {}),
    });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(`Changed ${displayName}.${isOtherRole ? ' Their sessions have ended.' : ''}`);
    onClose();
  }

  return (
    <FormDialog
      title={`Edit ${member.displayName}`}
      verb="Save changes"
      isRunning={command.isRunning}
      isDisabled={!isOtherRole && displayName === member.displayName}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...fields.text('displayName')} />
      <RoleSelect
        place={{
          serviceProviderId: member.organization === null ? (member.serviceProvider?.id ?? null) : null,
          organizationId: member.organization?.id ?? null,
        }}
        value={role}
        onChange={setRole}
        error={fields.text('role').error ?? fields.text('customRoleId').error}
        isDisabled={whyNotRole !== null}
        {...(whyNotRole === null ? {} : { description: whyNotRole })}
        withPermissions
      />
      {isOtherRole && (
        <Text size="sm" role="status">
          Another role ends their sessions: they sign in again with what they may do then.
        </Text>
      )}
    </FormDialog>
  );
}
