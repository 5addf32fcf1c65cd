import { Select, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTenantId, useTenants } from '../../../app/tenant.ts';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { OrganizationsSelect } from '../../../components/organizations/organizations-select.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { useViewer } from '../../../session/viewer.ts';
import { type DelegationRole, GrantDelegationDocument } from './delegations.graphql.ts';

const DAY_MS = 86_400_000;
const FIRST_DAYS = 90;
const MOST_ORGANIZATIONS = 200;

const roles: readonly { readonly value: DelegationRole; readonly label: string }[] = [
  { value: 'PROVIDER_VIEWER', label: 'Provider viewer: sees keys, without the strings' },
  { value: 'PROVIDER_SUPPORT', label: 'Provider support: also disables and enables keys, reads the audit trail' },
  { value: 'PROVIDER_ADMIN', label: 'Provider admin: also changes keys and subscriptions' },
];

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

export default function GrantDialog({ onClose }: { readonly onClose: () => void }) {
  const viewer = useViewer();
  const tenants = useTenants();
  const tenantId = useTenantId();
  const command = useCommand(GrantDelegationDocument);
  const [now] = useState(Date.now);
  const [providerId, setProviderId] = useState(tenantId ?? viewer.serviceProvider?.id ?? null);
  const [role, setRole] = useState<DelegationRole>('PROVIDER_SUPPORT');
  const [organizationIds, setOrganizationIds] = useState<string[]>([]);
  const fields = useFields({
    granteeServiceProviderId: '',
    organizationIds: '',
    serviceProviderId: '',
    role: '',
    expiresAt: dayOf(now + FIRST_DAYS * DAY_MS),
    note: '',
  });
  const { granteeServiceProviderId, expiresAt, note } = fields.values;

  async function submit() {
    if (providerId === null) return;
    const result = await command.run({
      serviceProviderId: providerId,
      granteeServiceProviderId: granteeServiceProviderId.trim(),
      organizationIds,
      role,
      expiresAt: `${expiresAt}T23:59:59Z`,
      note: note.trim() === '' ? null : note,
    });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone('Granted. It holds once the other provider accepts it.');
    onClose();
  }

  return (
    <FormDialog
      title="Lend access to another provider"
      verb="Grant delegation"
      size="lg"
      isRunning={command.isRunning}
      isDisabled={providerId === null || organizationIds.length === 0 || expiresAt === ''}
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm" c="var(--kw-ink-2)">
        Their staff act on the organizations that you name, with no more than the role that you lend and their own role
        at home. Everything they do stands in your audit trail.
      </Text>
      {tenants.length > 1 && (
        <Select
          label="Lent by"
          searchable
          allowDeselect={false}
          value={providerId}
          onChange={(next) => {
            setProviderId(next);
            setOrganizationIds([]);
          }}
          data={tenants.map(({ id, name }) => ({ value: id, label: name }))}
          error={fields.text('serviceProviderId').error}
          comboboxProps={{ shadow: 'md' }}
        />
      )}
      <TextInput
        label="Id of the provider that gets access"
        description="Its people find it under Settings and tell it to you. It is not looked up, so check it with them."
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...fields.text('granteeServiceProviderId')}
      />
      <OrganizationsSelect
        label="Organizations"
        description={`Up to ${MOST_ORGANIZATIONS}. Type to find more.`}
        withAsterisk={false}
        maxValues={MOST_ORGANIZATIONS}
        providerId={providerId}
        value={organizationIds}
        onChange={(ids) => {
          setOrganizationIds(ids);
          fields.set({ organizationIds: '' });
        }}
        error={fields.text('organizationIds').error}
      />
      <Select
        label="Role"
        allowDeselect={false}
        value={role}
        onChange={(next) => setRole(roles.find(({ value }) => value === next)?.value ?? role)}
        data={[...roles]}
        error={fields.text('role').error}
        comboboxProps={{ shadow: 'md' }}
      />
      <TextInput
        type="date"
        label="Holds until the end of (UTC)"
        description="At most two years from now. Either side may end it earlier."
        min={dayOf(now)}
        required
        withAsterisk={false}
        {...fields.text('expiresAt')}
      />
      <Textarea
        label="Note (optional)"
        description="Both sides see it."
        autosize
        minRows={2}
        {...fields.text('note')}
      />
    </FormDialog>
  );
}
