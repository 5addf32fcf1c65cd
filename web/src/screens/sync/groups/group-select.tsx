import { Select, type SelectProps } from '@mantine/core';
import { useTenantId } from '../../../app/tenant.ts';
import { plural } from '../../../components/time.ts';
import { type SavedGroup, useSavedGroups } from './saved-groups.ts';

interface GroupSelectProps extends Omit<SelectProps, 'value' | 'onChange' | 'data'> {
  readonly value: string | null;
  readonly onChange: (id: string | null, group: SavedGroup | null) => void;
}

/** One of the saved groups of the tenant. */
export function GroupSelect({ value, onChange, ...props }: GroupSelectProps) {
  const { rows: groups, isLoading, failure } = useSavedGroups(useTenantId());
  const isUnknown = failure !== null;
  const isNone = !isLoading && !isUnknown && groups.length === 0;
  return (
    <Select
      label="Saved group"
      placeholder={isNone ? 'There is none yet' : 'Choose one'}
      searchable
      data={groups.map(({ id, name, organizationCount }) => ({
        value: id,
        label: `${name} (${plural(organizationCount, 'organization')})`,
      }))}
      value={value}
      onChange={(id) => onChange(id, groups.find((each) => each.id === id) ?? null)}
      nothingFoundMessage={nothingFound(isLoading, isUnknown)}
      comboboxProps={{ shadow: 'md' }}
      {...props}
    />
  );
}

function nothingFound(isLoading: boolean, isUnknown: boolean): string {
  if (isUnknown) return 'Not every group could be looked up now';
  return isLoading ? 'Looking' : 'No group is called that';
}
