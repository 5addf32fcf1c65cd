import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { NamesOfOrganizationsDocument } from './found-organizations.graphql.ts';
import { onlyFound, useFoundOrganizations } from './found-organizations.ts';

/** As many as are looked up by their names at once. */
const MOST_NAMED = 200;

interface OrganizationsSelectProps extends Omit<MultiSelectProps, 'value' | 'onChange' | 'data' | 'filter'> {
  /** Whose they are. */
  readonly providerId: string | null;
  readonly value: readonly string[];
  readonly onChange: (ids: string[]) => void;
}

function byId(organizations: readonly { readonly id: string; readonly name: string }[]): [string, string][] {
  return organizations.map(({ id, name }) => [id, name]);
}

/** Some organizations of a provider, found as somebody types. */
export function OrganizationsSelect({ providerId, value, onChange, ...props }: OrganizationsSelectProps) {
  const [typed, setTyped] = useState('');
  const [first] = useState(value);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const { found, nothingFound } = useFoundOrganizations({
    typed,
    among: { serviceProviderId: providerId },
    pause: providerId === null,
  });
  const [{ data: before }] = useQuery({
    query: NamesOfOrganizationsDocument,
    variables: { ids: first.slice(0, MOST_NAMED) },
    pause: first.length === 0,
  });
  const known = new Map([...names, ...byId(before?.organizations.nodes ?? []), ...byId(found)]);
  const shown = new Set([...value, ...found.map(({ id }) => id)]);
  return (
    <MultiSelect
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
      filter={onlyFound(found)}
      nothingFoundMessage={nothingFound}
      maxDropdownHeight={240}
      comboboxProps={{ shadow: 'md' }}
      {...props}
    />
  );
}
