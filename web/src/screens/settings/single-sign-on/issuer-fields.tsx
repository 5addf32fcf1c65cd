import { Checkbox, PasswordInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useTenants } from '../../../app/tenant.ts';
import { isPlatformStaff, useViewer } from '../../../session/viewer.ts';
import { type IssuerFields, mappingParts } from './issuer-values.ts';
import { RoleMapping } from './role-mapping.tsx';

const PLATFORM = 'platform';

interface FieldsProps {
  readonly fields: IssuerFields;
}

/** What cannot be changed later: whose people it speaks for, and how its tokens are known. */
export function IdentityFields({ fields }: FieldsProps) {
  const viewer = useViewer();
  const tenants = useTenants();
  return (
    <>
      {(tenants.length > 1 || isPlatformStaff(viewer)) && (
        <Select
          label="Its people are staff of"
          searchable
          allowDeselect={false}
          value={fields.values.serviceProviderId ?? PLATFORM}
          onChange={(next) => fields.set({ serviceProviderId: next === PLATFORM ? null : next })}
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
  );
}

/** How the console signs people in with it. */
export function ClientFields({ fields, hasSecret }: FieldsProps & { readonly hasSecret: boolean }) {
  return (
    <>
      <TextInput
        label="Client id"
        description="For signing in by browser. Left empty, only its tokens are taken."
        autoComplete="off"
        {...fields.text('clientId')}
      />
      <PasswordInput
        label="Client secret"
        description={
          hasSecret
            ? 'It has one, which is never shown. Left empty, that stays.'
            : 'Left empty for a public client. It is never shown again.'
        }
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show client secret' }}
        {...fields.text('clientSecret')}
      />
      {hasSecret && (
        <Checkbox
          size="xs"
          label="Take the client secret away"
          checked={fields.values.dropsSecret}
          disabled={fields.values.clientSecret !== ''}
          onChange={(event) => fields.set({ dropsSecret: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

/** Of whom it may tell, and what they may do here. */
export function PeopleFields({ fields }: FieldsProps) {
  const { serviceProviderId, domains, roleMapping } = fields.values;
  return (
    <>
      <TagsInput
        label="Mail domains"
        description="Of the people that it may speak for; none: any. Press Enter after each."
        value={domains}
        onChange={(next) => fields.set({ domains: next })}
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
        place={{ serviceProviderId, organizationId: null }}
        mapping={roleMapping}
        onChange={(next) => fields.set({ roleMapping: next, ...mappingParts })}
        error={(['roleMapping', 'value', 'role', 'customRoleId'] as const)
          .map((name) => fields.text(name).error)
          .find(Boolean)}
      />
    </>
  );
}
