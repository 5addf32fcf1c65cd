import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { KeyHoldersDocument } from '../new-sync/new-sync.graphql.ts';

export interface KeyHolder {
  readonly id: string;
  readonly name: string;
}

interface KeyHolderFieldProps {
  readonly holder: KeyHolder | null;
  readonly error: string | null;
  readonly onHolder: (holder: KeyHolder | null) => void;
}

const TYPING_MS = 150;

/** Finds an organization that has a key. */
export function KeyHolderField({ holder, error, onHolder }: KeyHolderFieldProps) {
  const [text, setText] = useState(holder?.name ?? '');
  const [search] = useDebouncedValue(text === holder?.name ? '' : text.trim(), TYPING_MS);
  const [{ data }] = useQuery({ query: KeyHoldersDocument, variables: { search } });
  const found = data?.organizations.nodes ?? [];
  const choices = found.map(({ id, name, serviceProvider }) => ({
    value: id,
    label: name,
    description: serviceProvider.name,
  }));
  const isListed = holder === null || choices.some(({ value }) => value === holder.id);
  return (
    <Select
      label="Whose key"
      placeholder="Search by name"
      searchable
      clearable
      maw={420}
      data={isListed ? choices : [{ value: holder.id, label: holder.name, description: '' }, ...choices]}
      filter={({ options }) => options}
      value={holder?.id ?? null}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id, option) => onHolder(id === null || option === null ? null : { id, name: option.label })}
      nothingFoundMessage="No organization with a key is called that"
      error={error}
      clearButtonProps={{ 'aria-label': 'Clear' }}
    />
  );
}
