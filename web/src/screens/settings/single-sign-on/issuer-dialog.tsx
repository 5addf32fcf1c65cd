import { Checkbox, PasswordInput, Select, TagsInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTenantId, useTenants } from '../../../app/tenant.ts';
import { useFields } from '../../../components/fields.ts';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { showDone } from '../../../components/toasts.tsx';
import { useCommand } from '../../../graphql/use-command.ts';
import { isPlatformStaff, useViewer } from '../../../session/viewer.ts';
import { roleInput } from '../../people/staff/role-select.tsx';
import { type MappedRole, NEW_MAPPING, RoleMapping } from './role-mapping.tsx';
import {
  CreateTrustedIssuerDocument,
  type TrustedIssuerCardFragment,
  UpdateTrustedIssuerDocument,
} from './single-sign-on.graphql.ts';

const PLATFORM = 'platform';

interface IssuerDialogProps {
  /** Null: a new one. */
  readonly issuer: TrustedIssuerCardFragment | null;
  readonly onClose: () => void;
}

const messageOf = (fields: {
  text(name: 'roleMapping' | 'value' | 'role' | 'customRoleId'): { error: string | undefined };
}) => (['roleMapping', 'value', 'role', 'customRoleId'] as const).map((name) => fields.text(name).error).find(Boolean);

export default function IssuerDialog({ issuer, onClose }: IssuerDialogProps) {
  const viewer = useViewer();
  const tenants = useTenants();
  const tenantId = useTenantId();
  const create = useCommand(CreateTrustedIssuerDocument);
  const update = useCommand(UpdateTrustedIssuerDocument);
  const first =
    issuer === null ? (tenantId ?? viewer.serviceProvider?.id ?? null) : (issuer.serviceProvider?.id ?? null);
  const [providerId, setProviderId] = useState(first);
  const [domains, setDomains] = useState<string[]>([...(issuer?.domains ?? [])]);
  const [mapping, setMapping] = useState<readonly MappedRole[]>(issuer?.roleMapping ?? [NEW_MAPPING]);
  const [dropsSecret, setDropsSecret] = useState(false);
  const fields = useFields({
    name: issuer?.name ?? '',
    issuer: issuer?.issuer ?? '',
    audience: issuer?.audience ?? '',
    clientId: issuer?.clientId ?? '',
    clientSecret: '',
    roleClaim: issuer?.roleClaim ?? 'roles',
    domains: '',
    serviceProviderId: '',
    roleMapping: '',
    value: '',
    role: '',
    customRoleId: '',
  });
  const { name, audience, roleClaim, clientId, clientSecret } = fields.values;
  const isMapped = mapping.every(({ role, customRoleId }) => role !== null || customRoleId !== null);

  async function submit() {
    const common = {
      name,
      roleClaim,
      domains,
      roleMapping: mapping.map((each) => ({ value: each.value, ...roleInput(each) })),
      clientId: clientId === '' ? null : clientId,
      ...(clientSecret === '' ? (dropsSecret ? { clientSecret: null } : {}) : { clientSecret }),
    };
    const result =
      issuer === null
        ? await create.run({ ...common, issuer: fields.values.issuer, audience, serviceProviderId: providerId })
        : await update.run({ ...common, trustedIssuerId: issuer.id });
    if (!result.isDone) return fields.refuse(result.failures);
    showDone(issuer === null ? `${name} is trusted now.` : `Changed ${name}. Its people sign in again.`);
    onClose();
  }

  return (
    <FormDialog
      title={issuer === null ? 'Trust an issuer' : `Edit ${issuer.name}`}
      verb={issuer === null ? 'Trust issuer' : 'Save changes'}
      size="lg"
      isRunning={create.isRunning || update.isRunning}
      isDisabled={!isMapped}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...fields.text('name')} />
      {issuer === null && (
        <>
          {(tenants.length > 1 || isPlatformStaff(viewer)) && (
            <Select
              label="Its people are staff of"
              searchable
              allowDeselect={false}
              value={providerId ?? PLATFORM}
              onChange={(next) => setProviderId(next === PLATFORM ? null : next)}
              data={[
                ...(isPlatformStaff(viewer) ? [{ value: PLATFORM, label: 'The platform itself' }] : []),
                ...tenants.map((tenant) => ({ value: tenant.id, label: tenant.name })),
              ]}
              error={fields.text('serviceProviderId').error}
              comboboxProps={{ shadow: 'md' }}
            />
          )}
          <TextInput
            label="Issuer"
            description="As it stands in its tokens, such as https://login.example.com. It is asked at once where its keys are."
            type="url"
            required
            withAsterisk={false}
            {...fields.text('issuer')}
          />
          <TextInput
            label="Audience"
            description="What aud of its access tokens must hold."
            required
            withAsterisk={false}
            {...fields.text('audience')}
          />
        </>
      )}
      <TextInput
        label="Client id"
        description="For signing in by browser. Left empty, only its tokens are taken."
        autoComplete="off"
        {...fields.text('clientId')}
      />
      <PasswordInput
        label="Client secret"
        description={
          issuer?.hasClientSecret === true
            ? 'It has one, which is never shown. Left empty, that stays.'
            : 'Left empty for a public client. It is never shown again.'
        }
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show client secret' }}
        {...fields.text('clientSecret')}
      />
      {issuer?.hasClientSecret === true && (
        <Checkbox
          size="xs"
          label="Take the client secret away"
          checked={dropsSecret}
          disabled={clientSecret !== ''}
          onChange={(event) => setDropsSecret(event.currentTarget.checked)}
        />
      )}
      <TagsInput
        label="Mail domains"
        description="Of the people that it may speak for; none: any. Press Enter after each."
        value={domains}
        onChange={setDomains}
        error={fields.text('domains').error}
      />
      <TextInput
        label="Claim that tells the role"
        description="A claim, or a path with dots, as in realm_access.roles."
        required
        withAsterisk={false}
        spellCheck={false}
        {...fields.text('roleClaim')}
      />
      <RoleMapping
        place={{ serviceProviderId: providerId, organizationId: null }}
        mapping={mapping}
        onChange={setMapping}
        error={messageOf(fields)}
      />
      {issuer !== null && (
        <Text size="sm" role="status">
          Anything but the name ends the sessions of all who came in by it.
        </Text>
      )}
    </FormDialog>
  );
}
