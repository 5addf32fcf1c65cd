import { Radio, Select } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useTenantId } from '../../app/tenant.ts';
import { type ChosenOrganization, OrganizationSelect } from '../../components/organizations/organization-select.tsx';
import { plural } from '../../components/time.ts';
import { ProviderSelect } from '../onboarding/provider-select.tsx';
import { GroupPlacesDocument } from './rotation.graphql.ts';
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
      {place.kind === 'GROUP' && <GroupSelect place={place} onChange={onChange} error={error} />}
      {place.kind === 'ORGANIZATION' && <OneOrganization place={place} onChange={onChange} error={error} />}
    </div>
  );
}

function GroupSelect({ place, onChange, error }: PlaceFieldProps) {
  const [{ data }] = useQuery({ query: GroupPlacesDocument, variables: { serviceProviderId: useTenantId() } });
  const groups = data?.organizationGroups.nodes ?? [];
  return (
    <Select
      label="Saved group"
      placeholder={data !== undefined && groups.length === 0 ? 'There is none yet' : 'Choose one'}
      searchable
      allowDeselect={false}
      data={groups.map(({ id, name, organizationCount }) => ({
        value: id,
        label: `${name} (${plural(organizationCount, 'organization')})`,
      }))}
      value={place.id}
      onChange={(id) =>
        onChange({ kind: 'GROUP', id, providerId: groups.find((each) => each.id === id)?.serviceProvider.id ?? null })
      }
      nothingFoundMessage="No group is called that"
      error={error}
      comboboxProps={{ shadow: 'md' }}
    />
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
