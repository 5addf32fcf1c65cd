import { Radio } from '@mantine/core';
import { useState } from 'react';
import { ProviderSelect } from '../../app/provider-select.tsx';
import { useTenantId } from '../../app/tenant.ts';
import { type ChosenOrganization, OrganizationSelect } from '../../components/organizations/organization-select.tsx';
import { GroupSelect } from '../sync/groups/group-select.tsx';
import classes from './rotation.module.css';

type Kind = 'PROVIDER' | 'GROUP' | 'ORGANIZATION';

/** Where a policy is to hold. */
export interface PolicyPlace {
  readonly kind: Kind;
  readonly id: string | null;
  /** Whose it is, by whom an overlap is allowed; null: not known. */
  readonly providerId: string | null;
}

/** As the API takes it. */
export function placeInput({ kind, id }: PolicyPlace) {
  if (kind === 'GROUP') return { organizationGroupId: id };
  return kind === 'ORGANIZATION' ? { organizationId: id } : { serviceProviderId: id };
}

interface PlaceFieldProps {
  readonly place: PolicyPlace;
  readonly onChange: (place: PolicyPlace) => void;
  readonly error?: string | undefined;
}

const kinds: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'PROVIDER', label: 'A provider, with its resellers' },
  { value: 'GROUP', label: 'A saved group' },
  { value: 'ORGANIZATION', label: 'One organization' },
];

/** A provider, a saved group or one organization. */
export function PlaceField({ place, onChange, error }: PlaceFieldProps) {
  return (
    <div>
      <Radio.Group
        label="For"
        description="Of several policies the nearest holds: the organization's, a group's, then the provider's."
        value={place.kind}
        onChange={(value) => {
          const kind = kinds.find((each) => each.value === value)?.value ?? 'PROVIDER';
          onChange({ kind, id: null, providerId: null });
        }}
      >
        <div className={classes.ways}>
          {kinds.map((each) => (
            <Radio key={each.value} size="xs" {...each} />
          ))}
        </div>
      </Radio.Group>
      {place.kind === 'PROVIDER' && (
        <ProviderSelect
          label="Provider"
          value={place.id}
          onChange={(id) => onChange({ kind: 'PROVIDER', id, providerId: id })}
          error={error}
        />
      )}
      {place.kind === 'GROUP' && (
        <GroupSelect
          allowDeselect={false}
          value={place.id}
          onChange={(id, group) => onChange({ kind: 'GROUP', id, providerId: group?.serviceProvider.id ?? null })}
          error={error}
        />
      )}
      {place.kind === 'ORGANIZATION' && <OneOrganization place={place} onChange={onChange} error={error} />}
    </div>
  );
}

function OneOrganization({ onChange, error }: PlaceFieldProps) {
  const [chosen, setChosen] = useState<ChosenOrganization | null>(null);
  return (
    <OrganizationSelect
      allowDeselect={false}
      value={chosen}
      among={{ serviceProviderId: useTenantId() }}
      onChange={(next, organization) => {
        setChosen(next);
        onChange({ kind: 'ORGANIZATION', id: next?.id ?? null, providerId: organization?.serviceProvider.id ?? null });
      }}
      error={error}
    />
  );
}
