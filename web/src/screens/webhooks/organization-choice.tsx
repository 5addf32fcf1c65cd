import { MultiSelect, Radio } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { OrganizationChoicesDocument } from './choices.graphql.ts';
import classes from './choices.module.css';

const TYPING_MS = 150;
/** As many as are looked up by their names at once. */
const MOST_NAMED = 200;

interface OrganizationChoiceProps {
  readonly providerId: string | null;
  /** Null: all. */
  readonly value: readonly string[] | null;
  readonly onChange: (ids: readonly string[] | null) => void;
  readonly error?: string | undefined;
}

/** Of all organizations and the provider itself, or of some organizations alone. */
export function OrganizationChoice({ providerId, value, onChange, error }: OrganizationChoiceProps) {
  return (
    <div>
      <Radio.Group
        label="Of which organizations"
        value={value === null ? 'all' : 'some'}
        onChange={(way) => onChange(way === 'all' ? null : [])}
      >
        <div className={classes.ways}>
          <Radio size="xs" value="all" label="All, and the provider itself" />
          <Radio size="xs" value="some" label="Some alone" />
        </div>
      </Radio.Group>
      {value !== null && <Some providerId={providerId} value={value} onChange={onChange} error={error} />}
    </div>
  );
}

function Some({ providerId, value, onChange, error }: OrganizationChoiceProps & { readonly value: readonly string[] }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [first] = useState(value);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [{ data: found }] = useQuery({
    query: OrganizationChoicesDocument,
    variables: { filter: { serviceProviderId: providerId, search: search || null } },
    pause: providerId === null,
  });
  const [{ data: before }] = useQuery({
    query: OrganizationChoicesDocument,
    variables: { filter: { ids: first.slice(0, MOST_NAMED) } },
    pause: first.length === 0,
  });
  const listed = found?.organizations.nodes ?? [];
  const known = new Map([
    ...names,
    ...[...(before?.organizations.nodes ?? []), ...listed].map(({ id, name }): [string, string] => [id, name]),
  ]);
  const shown = new Set([...value, ...listed.map(({ id }) => id)]);
  return (
    <MultiSelect
      aria-label="Organizations"
      placeholder={value.length === 0 ? 'Type to find organizations' : ''}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Take all organizations out' }}
      value={[...value]}
      onChange={(ids) => {
        setNames(new Map(ids.map((id) => [id, known.get(id) ?? id])));
        onChange(ids);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...shown].map((id) => ({ value: id, label: known.get(id) ?? 'An organization' }))}
      nothingFoundMessage="No organization is called that"
      maxDropdownHeight={240}
      error={error}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
