import { Select, type SelectProps } from '@mantine/core';
import { useState } from 'react';
import type { OrganizationFilter } from './found-organizations.graphql.ts';
import { type FoundOrganization, onlyFound, useFoundOrganizations } from './found-organizations.ts';

/** One that was chosen, as it is called in the list. */
export interface ChosenOrganization {
  readonly id: string;
  readonly label: string;
}

interface OrganizationSelectProps extends Omit<SelectProps, 'value' | 'onChange' | 'data' | 'filter'> {
  readonly value: ChosenOrganization | null;
  readonly onChange: (chosen: ChosenOrganization | null, organization: FoundOrganization | null) => void;
  /** Those to choose among; left out: all in sight. */
  readonly among?: OrganizationFilter;
  readonly labelOf?: (organization: FoundOrganization) => string;
}

/** One organization, found as somebody types. */
export function OrganizationSelect(props: OrganizationSelectProps) {
  const { value, onChange, among, labelOf = ({ name }) => name, ...others } = props;
  const [typed, setTyped] = useState(value?.label ?? '');
  const { found, nothingFound } = useFoundOrganizations({
    typed: typed === value?.label ? '' : typed,
    ...(among !== undefined && { among }),
  });
  const choices = found.map((each) => ({ value: each.id, label: labelOf(each) }));
  const isListed = value === null || found.some(({ id }) => id === value.id);
  return (
    <Select
      label="Organization"
      placeholder="Type a name or an external id"
      searchable
      data={isListed ? choices : [{ value: value.id, label: value.label }, ...choices]}
      filter={onlyFound(found)}
      value={value?.id ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id, option) =>
        onChange(
          id === null || option === null ? null : { id, label: option.label },
          found.find((each) => each.id === id) ?? null,
        )
      }
      nothingFoundMessage={nothingFound}
      comboboxProps={{ shadow: 'md' }}
      {...others}
    />
  );
}
