import { isOptionsGroup, type OptionsFilter, Select } from '@mantine/core';
import { useState } from 'react';
import { useTenants } from '../../app/tenant.ts';
import { useFoundOrganizations } from '../../components/organizations/found-organizations.ts';
import { isPlatformStaff, useViewer, type Viewer } from '../../session/viewer.ts';

/** Where somebody or something is to be: as the API takes it, neither of both for the platform. */
export interface Place {
  readonly serviceProviderId: string | null;
  readonly organizationId: string | null;
}

/** As the API takes it. */
export function placeInput({ serviceProviderId, organizationId }: Place) {
  if (organizationId !== null) return { organizationId };
  return serviceProviderId === null ? {} : { serviceProviderId };
}

/** Where whoever adds something most likely wants it. */
export function ownPlace({ serviceProvider, organization }: Viewer, tenantId: string | null): Place {
  if (organization !== null) return { serviceProviderId: null, organizationId: organization.id };
  return { serviceProviderId: tenantId ?? serviceProvider?.id ?? null, organizationId: null };
}

interface PlaceSelectProps {
  readonly label: string;
  readonly description?: string;
  readonly value: Place;
  readonly onChange: (place: Place) => void;
  readonly error?: string | undefined;
}

const PLATFORM = 'platform';
const ORGANIZATIONS = 'Organizations';
const NOT_LOOKED_UP = { value: 'unknown', label: 'They could not be looked up now', disabled: true };
const MOST_FOUND = 20;

function toPlace(value: string): Place {
  const [kind, id = ''] = value.split(/:(.*)/s);
  return { serviceProviderId: kind === 'provider' ? id : null, organizationId: kind === 'organization' ? id : null };
}

function toValue({ serviceProviderId, organizationId }: Place): string {
  if (organizationId !== null) return `organization:${organizationId}`;
  return serviceProviderId === null ? PLATFORM : `provider:${serviceProviderId}`;
}

/** Organizations are those that the server has found: it knows more names than are on the list. */
const filterOthers: OptionsFilter = ({ options, search }) =>
  options.map((option) =>
    !isOptionsGroup(option) || option.group === ORGANIZATIONS
      ? option
      : { ...option, items: option.items.filter(({ label }) => hasWords(label, search)) },
  );

function hasWords(label: string, search: string): boolean {
  return label.toLowerCase().includes(search.trim().toLowerCase());
}

/** A provider, an organization (as somebody types its name) or, for its own staff, the platform. */
export function PlaceSelect({ label, description, value, onChange, error }: PlaceSelectProps) {
  const viewer = useViewer();
  const tenants = useTenants();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string } | null>(null);
  const { found, isUnknown, nothingFound } = useFoundOrganizations({
    typed: typed === chosen?.label ? '' : typed,
    first: MOST_FOUND,
    withoutSearch: false,
    nobody: 'Nothing',
  });
  const providers = tenants.map(({ id, name }) => ({ value: `provider:${id}`, label: name }));
  const own = viewer.serviceProvider;
  if (own !== null && !tenants.some(({ id }) => id === own.id)) {
    providers.unshift({ value: `provider:${own.id}`, label: own.name });
  }
  const organizations = found.map(({ id, name, serviceProvider }) => ({
    value: `organization:${id}`,
    label: `${name} (${serviceProvider.name})`,
  }));
  if (chosen !== null && !organizations.some((each) => each.value === chosen.value)) organizations.unshift(chosen);
  // An organization is the only place of its own people.
  if (viewer.organization !== null) return null;
  return (
    <Select
      label={label}
      description={description}
      placeholder="Type the name of a provider or an organization"
      searchable
      allowDeselect={false}
      withAsterisk={false}
      comboboxProps={{ shadow: 'md' }}
      maxDropdownHeight={280}
      value={toValue(value)}
      error={error}
      onSearchChange={setTyped}
      nothingFoundMessage={nothingFound}
      filter={filterOthers}
      data={[
        ...(isPlatformStaff(viewer)
          ? [{ group: 'Platform', items: [{ value: PLATFORM, label: 'The platform itself' }] }]
          : []),
        { group: 'Providers', items: providers },
        { group: ORGANIZATIONS, items: isUnknown ? [...organizations, NOT_LOOKED_UP] : organizations },
      ]}
      onChange={(next) => {
        if (next === null) return;
        setChosen(organizations.find((each) => each.value === next) ?? null);
        onChange(toPlace(next));
      }}
    />
  );
}
