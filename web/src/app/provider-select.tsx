import { Select } from '@mantine/core';
import { useViewer } from '../session/viewer.ts';
import { nothingFoundAmong, useTenantId, useTenantList } from './tenant.ts';

interface ProviderSelectProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
  readonly error?: string | undefined;
  readonly isClearable?: boolean;
}

/** Where whoever adds something most likely wants it: the tenant that they are in, or their own. */
export function useLikelyProvider(): string | null {
  const own = useViewer().serviceProvider?.id ?? null;
  return useTenantId() ?? own;
}

/** One of the providers in sight. */
export function ProviderSelect({ label, description, value, onChange, error, isClearable }: ProviderSelectProps) {
  const own = useViewer().serviceProvider;
  const list = useTenantList();
  const tenants = list.rows;
  const providers = tenants.map(({ id, name, parent }) => ({
    value: id,
    label: parent === null || parent.id === own?.id ? name : `${parent.name} › ${name}`,
  }));
  if (own !== null && !tenants.some(({ id }) => id === own.id)) providers.unshift({ value: own.id, label: own.name });
  return (
    <Select
      label={label}
      description={description}
      placeholder="Choose a provider"
      data={providers}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      allowDeselect={isClearable ?? false}
      clearable={isClearable ?? false}
      nothingFoundMessage={nothingFoundAmong(list)}
      comboboxProps={{ shadow: 'md' }}
      maxDropdownHeight={280}
    />
  );
}
