import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { X } from 'lucide-react';
import type { Place } from '../../people/place-select.tsx';
import { type ChosenRole, NO_ROLE, RoleSelect } from '../../people/staff/role-select.tsx';
import classes from '../settings.module.css';

export interface MappedRole extends ChosenRole {
  readonly value: string;
}

export const NEW_MAPPING: MappedRole = { ...NO_ROLE, value: '' };

interface RoleMappingProps {
  readonly place: Place;
  readonly mapping: readonly MappedRole[];
  readonly onChange: (mapping: readonly MappedRole[]) => void;
  readonly error: string | undefined;
}

/** Which value of the claim gives which role, in order. */
export function RoleMapping({ place, mapping, onChange, error }: RoleMappingProps) {
  const replace = (index: number, next: Partial<MappedRole>) =>
    onChange(mapping.map((each, at) => (at === index ? { ...each, ...next } : each)));
  return (
    <fieldset className={classes.mapping}>
      <legend>Who gets which role</legend>
      <Text size="xs" c="var(--kw-ink-2)">
        The first that matches counts. Who matches none does not get in.
      </Text>
      {mapping.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is what tells one from another
        <div key={index} className={classes.pair}>
          <TextInput
            label={`Value ${index + 1} of the claim`}
            required
            withAsterisk={false}
            autoComplete="off"
            spellCheck={false}
            value={each.value}
            onChange={(event) => replace(index, { value: event.currentTarget.value })}
          />
          <RoleSelect
            label={`Role ${index + 1}`}
            place={place}
            value={each}
            onChange={(role) => replace(index, role)}
          />
          <ActionIcon
            color="gray"
            size={36}
            aria-label={`Take out mapping ${index + 1}`}
            disabled={mapping.length === 1}
            onClick={() => onChange(mapping.filter((_, at) => at !== index))}
          >
            <X size={15} />
          </ActionIcon>
        </div>
      ))}
      {error !== undefined && (
        <Text size="sm" c="var(--kw-red)" role="alert">
          {error}
        </Text>
      )}
      <div>
        <Button size="compact-xs" variant="subtle" onClick={() => onChange([...mapping, NEW_MAPPING])}>
          Add a mapping
        </Button>
      </div>
    </fieldset>
  );
}
