import { Radio, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useTenantId } from '../../app/tenant.ts';
import { plural } from '../../components/time.ts';
import { ProviderSelect } from '../onboarding/provider-select.tsx';
import { GroupPlacesDocument, OrganizationPlacesDocument } from './rotation.graphql.ts';
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

const TYPING_MS = 150;
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
      {place.kind === 'ORGANIZATION' && <OrganizationSelect place={place} onChange={onChange} error={error} />}
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

function OrganizationSelect({ place, onChange, error }: PlaceFieldProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string } | null>(null);
  const [{ data }] = useQuery({
    query: OrganizationPlacesDocument,
    variables: { search: search === chosen?.label ? '' : search, serviceProviderId: useTenantId() },
  });
  const found = data?.organizations.nodes ?? [];
  const choices = found.map(({ id, name }) => ({ value: id, label: name }));
  const isListed = chosen === null || choices.some(({ value }) => value === chosen.value);
  return (
    <Select
      label="Organization"
      placeholder="Search by name"
      searchable
      allowDeselect={false}
      data={isListed ? choices : [chosen, ...choices]}
      filter={({ options }) => options}
      value={place.id}
      onSearchChange={setTyped}
      onChange={(id, option) => {
        setChosen(option === null ? null : { value: option.value, label: option.label });
        const providerId = found.find((each) => each.id === id)?.serviceProvider.id ?? null;
        onChange({ kind: 'ORGANIZATION', id, providerId });
      }}
      nothingFoundMessage="No organization is called that"
      error={error}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
